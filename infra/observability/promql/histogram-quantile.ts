import type { Labels, Sample } from './series.ts';

/** The value below which a share of all lies, guessed within its bucket as if they lay evenly there. */
export function histogramQuantile(share: number, buckets: readonly Sample[]): Sample[] {
  const groups = Map.groupBy(buckets, ({ labels }) => JSON.stringify(withoutBound(labels)));
  return [...groups].flatMap(([key, own]) => {
    const value = quantileOf(
      share,
      own.map(boundAndCount).toSorted(([one], [other]) => one - other),
    );
    return value === null ? [] : [{ metric: null, labels: JSON.parse(key) as Labels, value }];
  });
}

type Bucket = readonly [bound: number, count: number];

const boundAndCount = ({ labels, value }: Sample): Bucket => [
  labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
  value,
];

function quantileOf(share: number, buckets: readonly Bucket[]): number | null {
  const all = buckets.at(-1)?.[1] ?? 0;
  if (all === 0 || buckets.at(-1)?.[0] !== Number.POSITIVE_INFINITY) return null;
  const rank = share * all;
  const place = buckets.findIndex(([, count]) => count >= rank);
  const [bound, count] = buckets[place] ?? [0, 0];
  const [from, below] = buckets[place - 1] ?? [0, 0];
  if (bound === Number.POSITIVE_INFINITY) return from;
  return from + ((bound - from) * (rank - below)) / (count - below);
}

const withoutBound = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([label]) => label !== 'le'));
