import { decodeMessage } from '../../asterisk-ami/codec.ts';
import { MessageFramer } from '../../asterisk-ami/message-framer.ts';
import { decodeFrame } from '../../asterisk-ari/codec.ts';
import { LinkCore } from '../link-core.ts';
import { readCapture, received, scenarios } from './captures.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** How many mutated frames. */
  readonly frames: number;
}

export interface FuzzResult {
  readonly tally: LinkCore['tally'];
  /** The most entries that each of the maps held at any time. */
  readonly entriesMax: Readonly<Record<string, number>>;
  readonly words: number;
}

/** Small bounds, so that a leak shows in thousands of frames and not in millions. */
export const fuzzBounds = { legsMax: 200, endedMax: 500 };
const endpoint = { address: new URL('tcp://127.0.0.1'), trust: { kind: 'public' } } as const;

/** Real ARI frames, each mutated by the seed, through codec and leg map. Throws where anything throws. */
export function fuzzAri({ seed, frames }: FuzzOptions): Promise<FuzzResult> {
  const random = createRandom(seed);
  const originals = scenarios.flatMap((scenario) => {
    const lines = readCapture(scenario).filter(
      ({ ev, transport }) => transport === 'ari' && ev === undefined,
    );
    return lines.map(({ raw }) => raw);
  });
  return run((core, note) => {
    for (let index = 0; index < frames; index++) {
      const raw = mutate(frameOf(originals, index), originals, random).toString('utf8');
      core.tally.frames++;
      const decoded = decodeFrame(raw);
      // A link ends by these; the fuzz goes on, so they are counted as what they are.
      if (decoded.kind === 'replaced') core.tally.events++;
      else core.take(decoded, raw);
      note();
    }
  });
}

/** Real AMI bytes, mutated by the seed and cut anywhere, through framer, codec and leg map. */
export function fuzzAmi({ seed, frames }: FuzzOptions): Promise<FuzzResult> {
  const random = createRandom(seed);
  const originals = scenarios.flatMap(amiMessages);
  return run((core, note) => {
    const take = (text: string): void => {
      core.tally.frames++;
      const decoded = decodeMessage(text);
      if (decoded.kind === 'shutdown') core.tally.events++;
      else core.take(decoded, text);
      note();
    };
    const framer = new MessageFramer({
      onBanner: () => undefined,
      onMessage: take,
      onOversize: (head) => {
        core.tally.frames++;
        core.setAside(head, 'oversize');
      },
    });
    framer.push(Buffer.from('Asterisk Call Manager/11.0.0\r\n'));
    for (let index = 0; index < frames; index++) {
      const bytes = Buffer.concat([
        mutate(pick(originals, random), originals, random),
        Buffer.from('\r\n\r\n'),
      ]);
      const cut = Math.floor(random() * bytes.length);
      framer.push(bytes.subarray(0, cut));
      framer.push(bytes.subarray(cut));
    }
  });
}

/** The frames in their order, over and over; each time round with channels and bridges of its own. */
function frameOf(originals: readonly string[], index: number): string {
  const round = Math.floor(index / originals.length);
  const text = originals[index % originals.length] ?? '';
  return text.replace(/(trunkline-lab-|\bov-|(?=[0-9a-f]{8}-[0-9a-f]{4}-))/g, `$1${round}`);
}

const amiMessages = (scenario: string): string[] => {
  const lines = readCapture(scenario);
  const clients = new Set(lines.filter(({ transport }) => transport === 'ami').map(({ id }) => id));
  return [...clients].flatMap((client) => {
    const texts = received(lines, 'ami', client).map(({ raw }) => raw);
    return texts.join('').split('\r\n\r\n').slice(0, -1);
  });
};

async function run(play: (core: LinkCore, note: () => void) => void): Promise<FuzzResult> {
  const entriesMax: Record<string, number> = {};
  let words = 0;
  const core = new LinkCore({
    endpoint,
    options: {},
    now: () => 1_767_225_600_000,
    bounds: fuzzBounds,
    wordsMax: Infinity,
  });
  core.state.settle(0);
  const note = (): void => {
    for (const [name, size] of Object.entries(core.state.calls.sizes))
      entriesMax[name] = Math.max(entriesMax[name] ?? 0, size);
  };
  play(core, note);
  core.end({ kind: 'closed' }, 'the fuzz is over');
  for await (const word of core.words) words += word.kind === 'said' ? 1 : 0;
  return { tally: core.tally, entriesMax, words };
}

/** A small generator with good spread (mulberry32), so that a run can be had again by its seed. */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <Item>(items: readonly Item[], random: () => number): Item => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
};

/** What goes wrong with frames: bits, cuts, repetitions, halves of two frames, other ids, odd values. */
function mutate(text: string, others: readonly string[], random: () => number): Buffer {
  const bytes = Buffer.from(text);
  const at = Math.floor(random() * bytes.length);
  const to = Math.min(bytes.length, at + 1 + Math.floor(random() * 40));
  switch (Math.floor(random() * 16)) {
    case 0:
      bytes[at] = Math.floor(random() * 256);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(others, random)).subarray(at)]);
    case 5:
      return Buffer.from(text.replace(/\d{10}\.\d+/g, String(Math.floor(random() * 50_000))));
    case 6:
      return Buffer.from(text.replace(/"(?:id|name|state)":"[^"]*"/, `"id":${pick(odd, random)}`));
    case 7:
      return Buffer.from(text.replace(/: [^\r]*/, `: ${pick(odd, random)}`));
    default:
      return bytes;
  }
}

const odd = [
  'null',
  '-1',
  '{}',
  '[]',
  '"__proto__"',
  'constructor',
  '1e999',
  '""',
  '"\\u0000"',
  'true',
  '\u0000',
  '\ud800',
];
