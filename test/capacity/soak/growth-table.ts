import { markdownTable } from '../markdown-table.ts';
import type { Growth } from './judge-growth.ts';
import type { Measure } from './take-sample.ts';

const named: Readonly<Record<Measure, string>> = {
  heap: 'heap, MB',
  external: 'outside of the heap, MB',
  handles: 'handles',
  descriptors: 'descriptors',
  connections: 'connections',
  memory: 'memory, MB',
  rss: 'resident, MB',
};

/** As the manual shows it; slopes are by the hour, so that small ones can be read. */
export const growthTable = (growths: readonly Growth[]): string =>
  markdownTable(
    ['process', 'measure', 'first', 'last', 'growth an hour', 'noise an hour', ''],
    growths.map((growth) => {
      const { who, measure, first, last, perMinute, noisePerMinute } = growth;
      const isSize = named[measure].endsWith('MB');
      const [figure, slope] = isSize ? [2, 2] : [0, 1];
      return [
        who,
        named[measure],
        first.toFixed(figure),
        last.toFixed(figure),
        signed(perMinute * 60, slope),
        `±${(noisePerMinute * 60).toFixed(slope)}`,
        verdictOf(growth),
      ];
    }),
  );

const verdictOf = ({ isFlat }: Growth): string =>
  isFlat === null ? 'not judged' : isFlat ? 'flat' : 'GROWS';

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) < 0 ? text : `+${text.replace('-', '')}`;
}
