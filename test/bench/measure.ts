/** A contender runs once in a process of its own and tells how long it took. */
export interface Contender {
  readonly name: string;
  run(): Promise<Measured>;
}

export interface Measured {
  readonly events: number;
  readonly seconds: number;
}

export type Rates = Readonly<Record<string, number>>;

export const runsMin = 5;

/**
 * Runs contenders in turn, round after round, so that whatever else the machine does meets all of them alike. Returns
 * the median rate of each, events a second.
 */
export async function interleave(contenders: readonly Contender[], runs: number): Promise<Rates> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= runs; round += 1) {
    for (const contender of contenders) {
      const { name } = contender;
      const { events, seconds } = await contender.run();
      const rate = Math.round(events / seconds);
      rates.get(name)?.push(rate);
      console.log(`round ${round}/${runs}  ${name.padEnd(14)} ${String(rate).padStart(8)} events/s`);
    }
  }
  return Object.fromEntries([...rates].map(([name, all]) => [name, median(all)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export const ratio = (ours: number, theirs: number): number => Math.round((ours / theirs) * 100) / 100;

/** The last line of every benchmark, for programs. */
export function report(
  bench: string,
  figures: Record<string, unknown>,
  ratios: Record<string, number>,
): void {
  console.log(JSON.stringify({ bench, figures, ratios }));
}
