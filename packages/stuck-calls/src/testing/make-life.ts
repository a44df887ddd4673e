import type { StuckCallLimits } from '@trunkline/domain';
import type { SeededRandom } from './seeded-random.ts';

export type WordType = 'call.calling' | 'call.ringing' | 'call.connected' | 'call.held' | 'call.ended';

/** One call as it truly was, what was said of it, and when that arrives. */
export interface Life {
  readonly id: number;
  /** The truth: until then it lives. */
  readonly endedAt: number;
  /** What the PBX said, in order. */
  readonly words: readonly { readonly type: WordType; readonly at: number }[];
  /** When which word arrives: some never, some twice, some after those that follow. */
  readonly deliveries: readonly { readonly event: number; readonly at: number }[];
  /** The PBX can't be asked from here to there. */
  readonly silentFrom: number;
  readonly silentTo: number;
  /** Nothing arrives any more after this. */
  readonly forgottenAt: number;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** How often what goes wrong. */
const shares = {
  lostHangUp: 0.1,
  lostWord: 0.03,
  late: 0.1,
  twice: 0.1,
  unanswered: 0.25,
  long: 0.03,
  outage: 0.02,
};

export function makeLife(
  id: number,
  from: number,
  withinMs: number,
  limits: StuckCallLimits,
  random: SeededRandom,
): Life {
  const startedAt = from + random.between(0, withinMs - 1);
  const words = wordsOf(startedAt, random);
  const endedAt = words.at(-1)?.at ?? startedAt;
  const deliveries = deliveriesOf(words, random);
  const forgottenAt = Math.max(...deliveries.map(({ at }) => at), endedAt) + 1;
  return { id, endedAt, words, deliveries, forgottenAt, ...silenceOf(startedAt, endedAt, limits, random) };
}

function wordsOf(startedAt: number, random: SeededRandom): Life['words'] {
  const words: { type: WordType; at: number }[] = [{ type: 'call.calling', at: startedAt }];
  let at = startedAt;
  const say = (type: WordType, afterMs: number): void => {
    at += Math.max(1, Math.floor(afterMs));
    words.push({ type, at });
  };
  say('call.ringing', random.between(100, 5 * secondMs));
  const rings = random.chance(shares.long)
    ? random.between(20, 90) * minuteMs
    : random.between(1, 60) * secondMs;
  if (random.chance(shares.unanswered)) say('call.ended', rings);
  else {
    say('call.connected', rings);
    if (random.chance(0.1)) say('call.held', random.between(10, 120) * secondMs);
    say('call.ended', talkMs(random));
  }
  return words;
}

/** Most talk for minutes, some for longer than the limit, and a few all night. */
function talkMs(random: SeededRandom): number {
  if (!random.chance(shares.long)) return random.between(5, 900) * secondMs;
  return random.chance(0.2) ? random.between(2, 20) * hourMs : random.between(30, 180) * minuteMs;
}

function deliveriesOf(words: Life['words'], random: SeededRandom): Life['deliveries'] {
  const deliveries: { event: number; at: number }[] = [];
  for (const [event, { type, at }] of words.entries()) {
    const isLost = random.chance(type === 'call.ended' ? shares.lostHangUp : shares.lostWord);
    if (!isLost) deliveries.push({ event, at: at + delayMs(random) });
    if (random.chance(shares.twice))
      deliveries.push({ event, at: at + delayMs(random) + random.between(0, 3 * hourMs) });
  }
  return deliveries.length > 0 ? deliveries : [{ event: 0, at: (words[0]?.at ?? 0) + 1 }];
}

/** Mostly at once, sometimes so late that the words behind it are there before, sometimes hours. */
function delayMs(random: SeededRandom): number {
  if (!random.chance(shares.late)) return random.between(1, 500);
  return random.chance(0.3) ? random.between(1, 120) * minuteMs : random.between(1, 120) * secondMs;
}

const never = { silentFrom: Number.MAX_SAFE_INTEGER, silentTo: Number.MAX_SAFE_INTEGER };

/**
 * Some PBXs are away for a while, some die for good and take their calls with them. An outage is shorter than what the
 * second limit leaves after the first: beyond that the rule itself gives a call up.
 */
function silenceOf(
  startedAt: number,
  endedAt: number,
  { answeredMs, unansweredMs, unknownMs }: StuckCallLimits,
  random: SeededRandom,
): Pick<Life, 'silentFrom' | 'silentTo'> {
  if (!random.chance(shares.outage)) return never;
  if (random.chance(0.5)) return { silentFrom: endedAt, silentTo: Number.MAX_SAFE_INTEGER };
  const longestMs = unknownMs - Math.max(answeredMs, unansweredMs) - hourMs;
  const silentFrom = random.between(startedAt, endedAt);
  return { silentFrom, silentTo: silentFrom + random.between(minuteMs, longestMs) };
}
