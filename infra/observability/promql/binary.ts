import { QueryError } from './parse-query.ts';
import type { Binary, LabelChoice } from './query.ts';
import type { Labels, Sample } from './series.ts';

/** A number, or samples by their labels. */
export type Value = number | readonly Sample[];

const arithmetic: Readonly<Record<string, (one: number, other: number) => number>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => one / other,
};

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
};

export function combine(binary: Binary, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return numbers(binary, left, right);
  if (typeof right === 'number') return withNumber(binary, left as readonly Sample[], right, false);
  if (typeof left === 'number') return withNumber(binary, right, left, true);
  return isSet(binary.operator) ? sets(binary, left, right) : vectors(binary, left, right);
}

const isSet = (operator: string): boolean => operator === 'and' || operator === 'or' || operator === 'unless';

/** Null where a comparison leaves it out. */
function compute({ operator, bool }: Binary, one: number, other: number): number | null {
  const compare = comparisons[operator];
  if (compare !== undefined) {
    const holds = compare(one, other);
    return bool ? Number(holds) : holds ? one : null;
  }
  const calculate = arithmetic[operator];
  if (calculate === undefined) throw new QueryError(`the operator ${operator} is not known here`);
  return calculate(one, other);
}

function numbers(binary: Binary, left: number, right: number): number {
  const value = compute({ ...binary, bool: true }, left, right);
  if (value === null) throw new QueryError('two numbers are compared with bool');
  return value;
}

/** A filter keeps the name, a calculation loses it. */
const nameOf = ({ operator, bool }: Binary, metric: string | null): string | null =>
  operator in comparisons && !bool ? metric : null;

function withNumber(
  binary: Binary,
  samples: readonly Sample[],
  number: number,
  isNumberFirst: boolean,
): Sample[] {
  return samples.flatMap((sample) => {
    const [one, other] = isNumberFirst ? [number, sample.value] : [sample.value, number];
    const value = compute(binary, one, other);
    if (value === null) return [];
    const isFilter = operatorFilters(binary);
    return [{ ...sample, metric: nameOf(binary, sample.metric), value: isFilter ? sample.value : value }];
  });
}

const operatorFilters = ({ operator, bool }: Binary): boolean => operator in comparisons && !bool;

export const chosen = (labels: Labels, { only, labels: names }: LabelChoice): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([label]) => names.includes(label) === only)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

export const keyOf = (labels: Labels, choice: LabelChoice): string => JSON.stringify(chosen(labels, choice));

function sets({ operator, matching }: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const key = ({ labels }: Sample) => keyOf(labels, matching);
  const [ours, theirs] = [new Set(left.map(key)), new Set(right.map(key))];
  if (operator === 'and') return left.filter((sample) => theirs.has(key(sample)));
  if (operator === 'unless') return left.filter((sample) => !theirs.has(key(sample)));
  return [...left, ...right.filter((sample) => !ours.has(key(sample)))];
}

function vectors(binary: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const { matching } = binary;
  const partners = byKey(right, matching);
  return [...byKey(left, matching)].flatMap(([key, sample]) => {
    const partner = partners.get(key);
    const value = partner === undefined ? null : compute(binary, sample.value, partner.value);
    if (value === null) return [];
    const metric = matching.only ? null : nameOf(binary, sample.metric);
    return [{ metric, labels: chosen(sample.labels, matching), value }];
  });
}

function byKey(samples: readonly Sample[], matching: LabelChoice): Map<string, Sample> {
  const found = new Map<string, Sample>();
  for (const sample of samples) {
    const key = keyOf(sample.labels, matching);
    if (found.has(key)) throw new QueryError(`several series match ${key}: name the labels they differ in`);
    found.set(key, sample);
  }
  return found;
}
