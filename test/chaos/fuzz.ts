import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzAmi, fuzzAri, fuzzYeastar } from '@trunkline/pbx/testing';

export interface FuzzFigures {
  readonly dialect: string;
  readonly frames: number;
  /** Those that were counted under a heading; the rest got lost. */
  readonly accounted: number;
  readonly unreadable: number;
  readonly words: number;
  readonly heapGrownMb: number;
  /** A promise that nobody awaited was rejected. */
  readonly unhandled: number;
}

export interface FuzzPlan {
  readonly seed: number;
  readonly frames: number;
}

/** Mutated frames of each dialect through codec and leg map. Whatever is thrown comes out of here. */
export async function runFuzz({ seed, frames }: FuzzPlan): Promise<FuzzFigures[]> {
  return [
    await measured('yeastar', { seed, frames }, () => {
      const { counts, words } = fuzzYeastar({ seed, frames });
      return Promise.resolve({ counted: Object.values(counts), unreadable: counts.unreadable, words });
    }),
    await measured('asterisk-ari', { seed, frames }, async () => ofTally(await fuzzAri({ seed, frames }))),
    await measured('asterisk-ami', { seed, frames }, async () => ofTally(await fuzzAmi({ seed, frames }))),
  ];
}

interface Outcome {
  readonly counted: readonly number[];
  readonly unreadable: number;
  readonly words: number;
  /** Where cutting and joining made another number of frames than was put in. */
  readonly frames?: number;
}

function ofTally({ tally, words }: Awaited<ReturnType<typeof fuzzAri>>): Outcome {
  const { frames, replies, heartbeats, events, ignored, unknown, unreadable } = tally;
  return { frames, counted: [replies, heartbeats, events, ignored, unknown, unreadable], unreadable, words };
}

async function measured(
  dialect: string,
  { frames: asked }: FuzzPlan,
  run: () => Promise<Outcome>,
): Promise<FuzzFigures> {
  let unhandled = 0;
  const count = (): void => void unhandled++;
  process.on('unhandledRejection', count);
  const before = heapUsed();
  const { counted, unreadable, words, frames = asked } = await run();
  await new Promise(setImmediate);
  const heapGrownMb = Math.round((heapUsed() - before) / 1e5) / 10;
  process.off('unhandledRejection', count);
  const accounted = counted.reduce((sum, each) => sum + each, 0);
  return { dialect, frames, accounted, unreadable, words, heapGrownMb, unhandled };
}

/** What is really in use: all that can be forgotten is forgotten first. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
