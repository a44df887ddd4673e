import {
  callSaidByEvent,
  closeStuckCall,
  decideStuckCall,
  mergeCall,
  pbxId,
  readEvent,
  type Call,
  type CallEvent,
  type Instant,
  type Liveness,
  type StuckCallLimits,
} from '@trunkline/domain';
import { makeLife, type Life } from './make-life.ts';
import { seededRandom } from './seeded-random.ts';

export interface LivesOptions {
  readonly lives: number;
  readonly seed: number;
  readonly limits?: StuckCallLimits;
  readonly tickMs?: number;
  /** The policy under test. */
  readonly decide?: typeof decideStuckCall;
}

export interface LivesReport {
  readonly lives: number;
  readonly ticks: number;
  readonly deliveries: number;
  /** Calls whose PBX knew them ended while they were shown open for longer than their limit. */
  readonly stuck: number;
  readonly closedGone: number;
  readonly closedUnknown: number;
  readonly reopened: number;
  /** The longest that a call stayed shown open beyond what is promised; 0 where the promise holds. */
  readonly overdueMsMax: number;
  /** Sentences, the first few of what went wrong. */
  readonly problems: readonly string[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const lifeLimits: StuckCallLimits = {
  answeredMs: 30 * minuteMs,
  unansweredMs: 20 * minuteMs,
  unknownMs: 24 * hourMs,
};

const tickMsDefault = 10 * minuteMs;
/** Lives that begin within one tick. */
const livesPerTick = 250;
const problemsMax = 20;
const pbx = pbxId('00000000-0000-4000-8000-000000000001');

/** What is known of a call, beside the truth about it. */
interface Known {
  readonly life: Life;
  call: Call;
  verifiedAt: Instant | undefined;
  /** Since when it is shown open though the PBX knows it ended. */
  stuckSince: number | undefined;
}

/**
 * Lives of calls on a virtual clock. What PBXs say of them arrives late, twice, in another order or never; a sweep looks at
 * each tick and asks a PBX that tells the truth or can't be reached. Words are read, merged, shown, suspected and closed by
 * the domain itself; what is promised is judged by the truth alone, which the policy never sees.
 */
export function liveLives(options: LivesOptions): LivesReport {
  const { lives, seed, limits = lifeLimits, tickMs = tickMsDefault, decide = decideStuckCall } = options;
  const random = seededRandom(seed);
  const open = new Map<number, Known>();
  const over = new Map<number, Known>();
  const inbox = new Map<number, Delivery[]>();
  const report = { deliveries: 0, stuck: 0, closedGone: 0, closedUnknown: 0, reopened: 0, overdueMsMax: 0 };
  const problems: string[] = [];
  const complain = (problem: string): void => {
    if (problems.length < problemsMax) problems.push(problem);
  };
  let born = 0;
  let tick = 0;
  let lastDelivery = 0;

  while (born < lives || open.size > 0 || tick <= lastDelivery) {
    tick += 1;
    const now = tick * tickMs;
    for (let count = 0; count < livesPerTick && born < lives; count += 1) bear(born++, now - tickMs);
    const arrived = (inbox.get(tick) ?? []).sort((one, other) => one.at - other.at);
    inbox.delete(tick);
    for (const delivery of arrived) deliver(delivery);
    sweep(now);
  }
  return { lives, ticks: tick, ...report, problems };

  function bear(id: number, from: number): void {
    const life = makeLife(id, from, tickMs, limits, random);
    for (const { event, at } of life.deliveries) {
      const arrivesIn = Math.max(Math.ceil(at / tickMs), 1);
      const queue = inbox.get(arrivesIn);
      const delivery = { life, event, at };
      if (queue === undefined) inbox.set(arrivesIn, [delivery]);
      else queue.push(delivery);
      lastDelivery = Math.max(lastDelivery, arrivesIn);
    }
  }

  function deliver({ life, event, at }: Delivery): void {
    report.deliveries += 1;
    const said = callSaidByEvent(readWord(life, event));
    const before = open.get(life.id) ?? over.get(life.id);
    const wasEnded = before !== undefined && before.call.lastWord.status === 'ended';
    const known: Known = before ?? { life, call: said, verifiedAt: undefined, stuckSince: undefined };
    known.call = before === undefined ? said : mergeCall(before.call, said);
    const isOpen = known.call.lastWord.status !== 'ended';
    open.delete(life.id);
    over.delete(life.id);
    if (isOpen) {
      open.set(life.id, known);
      if (wasEnded) report.reopened += 1;
      if (before === undefined || wasEnded) known.stuckSince = undefined;
      // Shown open from here on; stuck as soon as the truth is that it has ended.
      known.stuckSince ??= Math.max(at, life.endedAt);
    } else if (at < life.forgottenAt) over.set(life.id, known);
  }

  function sweep(now: number): void {
    for (const known of open.values()) look(known, now as Instant);
    if (tick % 100 === 0) forget(now);
    for (const known of open.values()) judge(known, now);
  }

  function look(known: Known, now: Instant): void {
    const { call, verifiedAt, life } = known;
    const observed = {
      status: call.lastWord.status,
      startedAt: call.startedAt,
      answeredAt: call.answered?.at,
      verifiedAt,
    };
    const decision = decide(observed, livenessOf(life, now), now, limits);
    if (decision.do === 'mark_verified') known.verifiedAt = decision.at;
    if (decision.do !== 'end') return;
    if (now < life.endedAt) complain(`call ${life.id} was closed at ${now} and lives until ${life.endedAt}`);
    if (isReachable(life, now)) report.closedGone += 1;
    else report.closedUnknown += 1;
    known.call = mergeCall(call, closeStuckCall(call, now));
    if (known.stuckSince !== undefined && now - known.stuckSince > tickMs) report.stuck += 1;
    open.delete(life.id);
    over.set(life.id, known);
  }

  /** What is shown open after this sweep must be alive, or within what is promised. */
  function judge({ life, stuckSince = life.endedAt }: Known, now: number): void {
    if (now < life.endedAt) return;
    const limitMs = Math.max(limits.answeredMs, limits.unansweredMs);
    const promisedMs = isReachable(life, now) ? limitMs : limits.unknownMs;
    const overdueMs = now - stuckSince - promisedMs;
    if (overdueMs <= 0) return;
    report.overdueMsMax = Math.max(report.overdueMsMax, overdueMs);
    complain(`call ${life.id}, over since ${stuckSince}, is still shown open at ${now}`);
  }

  /** Nothing more will be said of these, so that memory follows the open calls. */
  function forget(now: number): void {
    for (const [id, { life }] of over) if (life.forgottenAt <= now) over.delete(id);
  }
}

interface Delivery {
  readonly life: Life;
  readonly event: number;
  readonly at: number;
}

/** The PBX tells the truth, where it can be asked. */
function livenessOf(life: Life, now: number): Liveness {
  if (!isReachable(life, now)) return 'unknown';
  return now < life.endedAt ? 'alive' : 'gone';
}

const isReachable = ({ silentFrom, silentTo }: Life, now: number): boolean =>
  now < silentFrom || now >= silentTo;

function readWord(life: Life, index: number): CallEvent {
  const word = life.words[index];
  if (word === undefined) throw new RangeError('a life has no such word');
  const payload = {
    call: `call-${life.id}`,
    at: word.at,
    ...(word.type === 'call.ended' && { cause: 'normal' }),
  };
  const place = { source: pbx, epoch: 1 + Math.floor(life.id / 1_000_000), seq: life.id * 8 + index + 1 };
  return readEvent({ ...place, type: word.type }, payload) as CallEvent;
}
