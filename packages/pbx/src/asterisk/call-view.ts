import type { OpenCallStatus, Party, Route, SaidCause } from '@trunkline/domain';
import type { PbxSnapshot, Said } from '../port/words.ts';
import type { Call } from './call.ts';
import { isParty, type Leg } from './leg.ts';

/** What a reader cares about. A word is told only when some of it changed. */
export interface CallView {
  readonly status: OpenCallStatus;
  readonly answeredAt: number | undefined;
  readonly caller: Party | undefined;
  readonly callee: Party | undefined;
  readonly route: Route | undefined;
  readonly extensions: readonly string[];
}

/** The domain takes no more in one word. */
const EXTENSIONS_MAX = 64;

export const viewOf = (call: Call): CallView => ({
  status: statusOf(call),
  answeredAt: call.answeredAt,
  caller: call.caller,
  callee: calleeOf(call),
  route: call.route,
  extensions: liveExtensions(call),
});

function statusOf(call: Call): OpenCallStatus {
  if (call.answered) return call.legs.some((leg) => leg.holding) ? 'held' : 'connected';
  return call.rang ? 'ringing' : 'calling';
}

/** Who answered, else what was dialled. */
const calleeOf = ({ callee, dialled }: Call): Party | undefined =>
  callee ?? (dialled === '' ? undefined : { number: dialled });

const isLive = (leg: Leg): boolean => leg.state !== 'down';

function liveExtensions(call: Call): readonly string[] {
  const numbers: string[] = [];
  for (const leg of call.legs) {
    if (leg.named.kind !== 'extension' || !isLive(leg)) continue;
    if (numbers.length < EXTENSIONS_MAX && !numbers.includes(leg.named.number))
      numbers.push(leg.named.number);
  }
  return numbers;
}

export function isSameView(one: CallView, other: CallView): boolean {
  return (
    one.status === other.status &&
    one.answeredAt === other.answeredAt &&
    isSameParty(one.caller, other.caller) &&
    isSameParty(one.callee, other.callee) &&
    isSameRoute(one.route, other.route) &&
    one.extensions.length === other.extensions.length &&
    one.extensions.every((number, index) => number === other.extensions[index])
  );
}

const isSameParty = (one: Party | undefined, other: Party | undefined): boolean =>
  one === other || (one?.number === other?.number && one?.name === other?.name);

const isSameRoute = (one: Route | undefined, other: Route | undefined): boolean =>
  one === other ||
  (one?.direction === other?.direction && one?.trunk === other?.trunk && one?.did === other?.did);

export const openWord = (call: Call, view: CallView, at: number): Said => ({
  kind: 'said',
  type: `call.${view.status}`,
  payload: { ...detailsOf(call, view), at },
});

export const snapshotCall = (call: Call, view: CallView): PbxSnapshot['calls'][number] => ({
  ...detailsOf(call, view),
  status: view.status,
});

export function endedWord(call: Call, cause: SaidCause, at: number): Said {
  const view = viewOf(call);
  const took = call.talkedExtensions.size > 0 ? call.talkedExtensions : call.rangExtensions;
  const extensions = [...took].slice(0, EXTENSIONS_MAX);
  return {
    kind: 'said',
    type: 'call.ended',
    payload: { ...detailsOf(call, { ...view, extensions }), at, endedAt: at, cause },
  };
}

const detailsOf = (call: Call, view: CallView) => ({
  call: call.key,
  ...(call.startedAt === undefined ? {} : { startedAt: call.startedAt }),
  ...(view.answeredAt === undefined ? {} : { answeredAt: view.answeredAt }),
  ...(view.caller === undefined ? {} : { caller: view.caller }),
  ...(view.callee === undefined ? {} : { callee: view.callee }),
  ...(view.route === undefined ? {} : { route: view.route }),
  extensions: [...view.extensions],
});

/** The party that a leg is, where it has a number. */
export function partyOf(leg: Leg): Party | undefined {
  const number = leg.named.kind === 'extension' ? leg.named.number : leg.number;
  if (number === '') return undefined;
  return leg.callerName === '' ? { number } : { number, name: leg.callerName };
}

export const isCalled = (call: Call, leg: Leg): boolean => isParty(leg) && leg !== call.callerLeg;
