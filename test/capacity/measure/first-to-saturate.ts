import { ceilingOf, type Cost } from './fit-cost.ts';

/** Something that spends cores, of which it can use only so many. */
export interface Spender {
  readonly name: string;
  readonly cost: Cost;
  readonly coresMax: number;
}

export interface Ceiling {
  readonly name: string;
  /** Units a second at which it has no more to spend. */
  readonly perSecond: number;
}

/** Where each is at its end, the first of them first: a straight line from what was measured. */
export const ceilings = (spenders: readonly Spender[]): Ceiling[] =>
  spenders
    .map(({ name, cost, coresMax }) => ({ name, perSecond: ceilingOf(cost, coresMax) }))
    .toSorted((one, other) => one.perSecond - other.perSecond);
