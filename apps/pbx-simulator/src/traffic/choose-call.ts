import { assertNever } from '@trunkline/service-kit';
import type { CallKind, CallPlan } from '../contract/call-plan.ts';
import { callKinds } from '../contract/call-plan.ts';
import type { EndCause } from '../contract/ledger.ts';
import type { Span, TrafficModel } from '../contract/traffic-model.ts';
import type { Chance } from '../random.ts';

/** What will become of a call; drawn when it begins, so that the seed decides and not the clock. */
export interface Script {
  readonly plan: CallPlan;
  readonly ringMs: number;
  readonly talkMs: number;
  /** Why nobody is reached; null where somebody answers. */
  readonly failure: EndCause | null;
  readonly holds: boolean;
  readonly records: boolean;
  readonly transfer: 'blind' | 'attended' | null;
  /** Who hangs up an answered call. */
  readonly leaver: 'caller' | 'callee';
}

const usualMix: Partial<Record<CallKind, number>> = {
  internal: 3,
  inbound: 3,
  outbound: 2,
  queue: 1,
  group: 1,
  menu: 1,
};
const usualRingMs: Span = [1_000, 6_000];
const usualTalkMs: Span = [4_000, 40_000];
const MEMBERS_MAX = 3;

/** Numbers of the PBX's own services. */
const services: Partial<Record<CallKind, string>> = { queue: '6500', group: '6200', conference: '6400' };

/** The next call, or null where too few phones are free. */
export function chooseCall(model: TrafficModel, free: readonly string[], chance: Chance): Script | null {
  const kind = kindOf(model.mix ?? usualMix, chance);
  const plan = planOf(kind, shuffledFew(free, chance), chance);
  const pace = model.pace ?? 1;
  const failure = failureOf(model, chance);
  const script = {
    ringMs: between(model.ringMs ?? usualRingMs, chance) / pace,
    talkMs: between(model.talkMs ?? usualTalkMs, chance) / pace,
    failure,
    holds: chance.happens(model.hold ?? 0),
    records: chance.happens(model.recorded ?? 0),
    transfer: chance.happens(model.transfer ?? 0) ? (chance.happens(0.5) ? 'blind' : 'attended') : null,
    leaver: chance.happens(0.5) ? 'caller' : 'callee',
  } as const;
  return plan === null ? null : { plan, ...script };
}

function kindOf(mix: Partial<Record<CallKind, number>>, chance: Chance): CallKind {
  const total = callKinds.reduce((sum, kind) => sum + (mix[kind] ?? 0), 0);
  let left = chance.next() * total;
  for (const kind of callKinds) {
    left -= mix[kind] ?? 0;
    if (left < 0) return kind;
  }
  return 'internal';
}

function planOf(kind: CallKind, few: readonly string[], chance: Chance): CallPlan | null {
  const [first, second, ...rest] = few;
  const outside = `+316${String(chance.between(10_000_000, 99_999_999))}`;
  if (first === undefined) return null;
  switch (kind) {
    case 'inbound':
    case 'menu':
      return { kind, from: outside, to: first };
    case 'outbound':
      return { kind, from: first, to: outside };
    case 'internal':
      return second === undefined ? null : { kind, from: first, to: second };
    case 'queue':
    case 'group':
    case 'conference':
      return second === undefined
        ? null
        : { kind, from: outside, to: services[kind] ?? '6000', members: [first, second, ...rest] };
    default:
      return assertNever(kind, 'kind of call');
  }
}

/** As many different phones as any call needs. */
function shuffledFew(free: readonly string[], chance: Chance): string[] {
  const few = new Set<string>();
  const wanted = Math.min(MEMBERS_MAX, free.length);
  while (few.size < wanted) {
    const one = free[chance.between(0, free.length - 1)];
    if (one !== undefined) few.add(one);
  }
  return [...few];
}

function failureOf(model: TrafficModel, chance: Chance): EndCause | null {
  let left = chance.next();
  const shares: readonly (readonly [EndCause, number | undefined])[] = [
    ['no_answer', model.noAnswer],
    ['busy', model.busy],
    ['abandoned', model.abandoned],
    ['rejected', model.rejected],
  ];
  for (const [cause, share = 0] of shares) {
    left -= share;
    if (left < 0) return cause;
  }
  return null;
}

function between([min, max]: Span, chance: Chance): number {
  return chance.between(min, max);
}
