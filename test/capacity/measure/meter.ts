import { readMachine, readTree } from '../machine/read-usage.ts';

/** Processes whose time is counted together, such as all replicas of a service. */
export interface Metered {
  readonly name: string;
  readonly pids: readonly number[];
}

export interface Reading {
  readonly seconds: number;
  /** Processor seconds a second, by name. */
  readonly cores: ReadonlyMap<string, number>;
  /** Of the one process of each name that was busiest, since a Node process and Redis have one thread for their work. */
  readonly busiest: ReadonlyMap<string, number>;
  /** The share of the machine that was busy, whoever kept it so. */
  readonly machine: number;
}

/** What is spent from now until the returned function is called. */
export function meter(metered: readonly Metered[]): () => Reading {
  const startedAt = performance.now();
  const machineBefore = readMachine();
  const before = spentOf(metered);
  return () => {
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = spentOf(metered);
    const machine = readMachine();
    const rates = metered.map(({ name, pids }) => {
      const each = pids.map((pid) => ((after.get(pid) ?? 0) - (before.get(pid) ?? 0)) / seconds);
      return { name, all: each.reduce((sum, one) => sum + one, 0), most: Math.max(0, ...each) };
    });
    return {
      seconds,
      cores: new Map(rates.map(({ name, all }) => [name, all])),
      busiest: new Map(rates.map(({ name, most }) => [name, most])),
      machine: (machine.busy - machineBefore.busy) / Math.max(1, machine.all - machineBefore.all),
    };
  };
}

const spentOf = (metered: readonly Metered[]): Map<number, number> =>
  new Map(metered.flatMap(({ pids }) => pids.map((pid) => [pid, readTree(pid).cpuSeconds] as const)));
