import type { Bridge } from './bridge.ts';
import type { Call } from './call.ts';

/** As Asterisk, which is inside both vendors' boxes, calls them. */
export type LegState = 'Down' | 'Ring' | 'Ringing' | 'Up' | 'Busy';

export interface Line {
  readonly number: string;
  readonly name: string;
}

export interface Dialplan {
  readonly context: string;
  readonly exten: string;
  readonly priority: number;
  readonly application: string;
  readonly data: string;
}

/** One phone's or trunk's part in a call: a channel. */
export interface Leg {
  readonly id: string;
  /** The channel's name, such as PJSIP/1001-0000002a. */
  readonly channel: string;
  /** The device behind it, such as PJSIP/1001. */
  readonly device: string;
  /** The extension's number; null where the party is outside. */
  readonly extension: string | null;
  readonly side: 'caller' | 'callee';
  readonly line: Line;
  readonly protocolId: string;
  readonly createdAt: number;
  /** Whose dialling made it; null for callers. */
  readonly dialledBy: Leg | null;
  /** The number that was dialled to make it ring, or that it dialled. */
  readonly dialled: string;
  call: Call;
  state: LegState;
  connected: Line;
  dialplan: Dialplan;
  bridge: Bridge | null;
  /** It has put the other side on hold. */
  holds: boolean;
  rang: boolean;
  talked: boolean;
  ended: boolean;
}

export const nobody: Line = { number: '', name: '' };

/** How the end of a leg is told: the Q.850 cause and, for refusals, the SIP code. */
export interface LegCause {
  readonly q850: number;
  readonly sip?: number;
}
