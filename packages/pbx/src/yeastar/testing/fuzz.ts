import { readFrame } from '../codec.ts';
import type { Frame } from '../frames.ts';
import { Switchboard } from '../switchboard.ts';
import { callFrame, extension, frameText, inbound, outbound, recordFrame } from './frame-texts.ts';

export interface FuzzReport {
  readonly frames: number;
  readonly counts: Readonly<Record<Frame['kind'], number>>;
  readonly words: number;
  /** The most that was ever remembered at once. */
  readonly largest: {
    readonly open: number;
    readonly ended: number;
    readonly channels: number;
    readonly phones: number;
  };
}

export interface FuzzOptions {
  readonly seed: number;
  readonly frames: number;
  readonly callsMax?: number;
  readonly onWord?: (payload: unknown, type: string) => void;
}

/** Good frames, broken in every way that a seed leads to, through codec and switchboard. Whatever is thrown comes out. */
export function fuzz({ seed, frames, callsMax = 1_000, onWord }: FuzzOptions): FuzzReport {
  const random = randomFrom(seed);
  const counts: Record<Frame['kind'], number> = {
    heartbeat: 0,
    reply: 0,
    event: 0,
    ignored: 0,
    unknown: 0,
    unreadable: 0,
  };
  const largest = { open: 0, ended: 0, channels: 0, phones: 0 };
  let words = 0;
  let now = 1_800_000_000_000;
  const board = new Switchboard({
    say: ({ type, payload }) => {
      words++;
      onWord?.(payload, type);
    },
    startOf: () => undefined,
    onRosterChanged: () => undefined,
    callsMax,
  });
  for (let index = 0; index < frames; index++) {
    now += 40;
    const frame = readFrame(mutate(goodFrame(random), random));
    counts[frame.kind]++;
    if (frame.kind === 'event') board.hear(frame.meaning, now);
    if (index === Math.floor(frames / 10)) board.settle(now);
    if (index % 5_000 === 4_999) board.adopt({ calls: [], extensions: [] }, board.mark(), now);
    const { size } = board;
    for (const key of ['open', 'ended', 'channels', 'phones'] as const)
      largest[key] = Math.max(largest[key], size[key]);
  }
  return { frames, counts, words, largest };
}

type Random = (below: number) => number;

/** A small generator with good spread (mulberry32), so that a failing seed can be run again. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const statuses = ['ALERT', 'RING', 'EARLYMEDIA', 'ANSWERED', 'ANSWER', 'HOLD', 'BYE', 'BYE', '', 'NEW'];
const dispositions = ['ANSWERED', 'NO ANSWER', 'BUSY', 'VOICEMAIL', 'FAILED', ''];
const pick = <Item>(items: readonly Item[], random: Random): Item => items[random(items.length)] as Item;

function goodFrame(random: Random): string {
  const call = `17999990${random(10)}0.${random(300)}`;
  const number = String(1000 + random(50));
  const member = (): unknown => {
    const more = { channel_id: `PJSIP/${number}-${random(400)}` };
    return pick([extension, extension, inbound, outbound], random) === extension
      ? extension(number, pick(statuses, random), more)
      : pick([inbound, outbound], random)(pick(statuses, random), more);
  };
  const members = Array.from({ length: random(4) }, member);
  switch (random(10)) {
    case 0:
      return recordFrame(call, {
        status: pick(dispositions, random),
        talk_duration: random(100),
        recording: pick(['', `r${random(50)}.wav`], random),
      });
    case 1:
      return frameText(30015, {
        call_id: call,
        reason: pick(['User Busy', '404 NOT found', ''], random),
        members: pick([null, members], random),
      });
    case 2:
      return frameText(30008, { extension: number, status: pick(['Ringing', 'Busy', 'Idle'], random) });
    case 3:
      return frameText(30007, {
        extension: number,
        kind: pick(['Sip', 'Web', `K${random(99)}`], random),
        status: pick(['Registered', 'Unregistered'], random),
      });
    case 4:
      return pick(
        [
          'heartbeat response',
          '{"errcode":0,"errmsg":"SUCCESS"}',
          frameText(30022, {}),
          frameText(30010, {}),
        ],
        random,
      );
    default:
      return callFrame(call, members, pick([30011, 30011, 30011, 30013, 30014, 30016], random));
  }
}

const splinters = [
  '"',
  '\\',
  '{',
  '}',
  '[]',
  'null',
  '\u0000',
  '\ud800',
  '-1',
  '1e999',
  '""',
  ',',
  '__proto__',
  '<',
  'é',
  ' ',
];

function mutate(text: string, random: Random): string {
  let mutated = text;
  for (let times = random(4); times > 0; times--) {
    const at = random(mutated.length + 1);
    const to = at + random(6);
    const middle = random(3) === 0 ? '' : pick(splinters, random);
    mutated = random(12) === 0 ? mutated.slice(0, at) : mutated.slice(0, at) + middle + mutated.slice(to);
  }
  return mutated;
}
