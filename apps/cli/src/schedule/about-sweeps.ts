import { SweepRequestError, type SweepRequests } from '@trunkline/stuck-calls';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';

/** What can't be asked of the worker is told in its own words. */
export async function aboutSweeps<Result>(
  bench: Bench,
  question: (requests: SweepRequests) => Promise<Result>,
): Promise<Result> {
  await bench.redisConnection();
  try {
    return await question(bench.sweepRequests());
  } catch (error) {
    if (error instanceof SweepRequestError) throw new Failure(capital(error.message), { cause: error });
    throw error;
  }
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
