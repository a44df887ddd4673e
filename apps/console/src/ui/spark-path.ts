export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface SparkPath {
  readonly line: string;
  readonly area: string;
}

/** Samples as a path in a box of this size: time to the right, from zero upwards. Null where there are too few. */
export function sparkPath(samples: readonly Sample[], width: number, height: number): SparkPath | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return null;
  const most = Math.max(1, ...samples.map(({ value }) => value));
  const points = samples.map(({ at, value }) => {
    const x = ((at - first.at) / (last.at - first.at)) * width;
    const y = height - (Math.max(0, value) / most) * height;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L${width} ${height}L0 ${height}Z` };
}
