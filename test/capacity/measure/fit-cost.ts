/** What something spent at a rate, in processor seconds a second. */
export interface Spent {
  readonly perSecond: number;
  readonly cores: number;
}

/** A line through what was spent at several rates: what it costs to be there, and what each unit adds. */
export interface Cost {
  readonly idleCores: number;
  readonly microsEach: number;
}

/**
 * By least squares. A cost below nothing is the noise of a machine on which it costs too little to be seen, and is shown as
 * nothing: the line then goes through the mean, so that the sum stays right.
 */
export function fitCost(steps: readonly Spent[]): Cost {
  if (steps.length < 2) throw new RangeError('a cost takes steps at two rates or more');
  const rate = mean(steps.map(({ perSecond }) => perSecond));
  const cores = mean(steps.map((step) => step.cores));
  const spread = sum(steps.map(({ perSecond }) => (perSecond - rate) ** 2));
  if (spread === 0) throw new RangeError('a cost takes steps at different rates');
  const slope = sum(steps.map((step) => (step.perSecond - rate) * (step.cores - cores))) / spread;
  const each = Math.max(0, slope);
  const idle = cores - each * rate;
  // A line that would begin below nothing begins there.
  return idle >= 0
    ? { idleCores: idle, microsEach: each * 1e6 }
    : {
        idleCores: 0,
        microsEach:
          (sum(steps.map((step) => step.cores * step.perSecond)) /
            sum(steps.map(({ perSecond }) => perSecond ** 2))) *
          1e6,
      };
}

/** At which rate so many cores are spent. */
export const ceilingOf = ({ idleCores, microsEach }: Cost, cores: number): number =>
  microsEach === 0 ? Infinity : Math.max(0, ((cores - idleCores) * 1e6) / microsEach);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
