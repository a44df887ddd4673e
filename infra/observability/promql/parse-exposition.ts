import type { Sample } from './series.ts';

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g;

/** What a /metrics page says, a sample a line. */
export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const [, metric, labels = '', value] = sampleLine.exec(line) ?? [];
    if (metric === undefined) throw new SyntaxError(`no sample of an exposition: ${line}`);
    return [
      {
        metric,
        labels: labelsOf(labels),
        value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value),
      },
    ];
  });
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(labelPair)].map(([, label = '', value = '']) => [
      label,
      value.replaceAll(/\\(.)/g, '$1'),
    ]),
  );
