import type { Call } from './call.ts';
import type { Named } from './channel-names.ts';
import type { ChannelSaid, ChannelState } from './fact.ts';

export interface Bridge {
  readonly id: string;
  holding: boolean;
  conference: boolean;
  readonly legs: Set<Leg>;
}

/** One channel as far as calls are concerned. */
export interface Leg {
  readonly id: string;
  name: string;
  readonly named: Named;
  /** Legs are counted as they appear; the lower count is the older leg. */
  readonly order: number;
  state: ChannelState;
  number: string;
  callerName: string;
  /** The number it dialled, as first heard: on its way through the dial plan it changes. */
  exten: string;
  linkedid: string | null;
  call: Call;
  bridge: Bridge | null;
  holding: boolean;
  /** Somebody or the PBX called it; else it called. */
  dialled: boolean;
  /** When something was last heard of it, in the leg map's own count. */
  heardAt: number;
  /** When it was last heard to enter or leave a room; lists fill in the room of a leg that was heard otherwise. */
  movedAt: number;
}

/** A leg of somebody: a phone of ours or the outside. */
export const isParty = ({ named }: Leg): boolean => named.kind === 'extension' || named.kind === 'trunk';

/** Legs that keep a call alive. */
export const isPart = ({ named }: Pick<Leg, 'named'>): boolean => named.kind !== 'aside';

/** Extensions of the dial plan that stand for no number: start, hang-up, invalid, timeout and the like. */
const special = /^(?:[a-zA-Z]|failed|dial-.*)$/;

export const dialledNumber = (exten: string): string => (special.test(exten) ? '' : exten);

/** Fills in what the leg did not know yet, and moves its state. True where anything changed. */
export function hearChannel(leg: Leg, said: ChannelSaid): boolean {
  let changed = false;
  if (leg.state !== said.state) {
    leg.state = said.state;
    changed = true;
  }
  if (leg.number === '' && said.number !== '') {
    leg.number = said.number;
    changed = true;
  }
  if (leg.callerName === '' && said.callerName !== '') {
    leg.callerName = said.callerName;
    changed = true;
  }
  if (leg.name !== said.name) leg.name = said.name;
  return changed;
}
