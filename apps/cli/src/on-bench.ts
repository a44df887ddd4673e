import type { Bench } from './bench.ts';

/** Runs a command on a bench of its own, which is cleared afterwards. */
export type OnBench = (work: (bench: Bench) => Promise<void>) => Promise<void>;
