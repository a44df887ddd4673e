import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, kind]) => kind ?? ''))].sort();

/** A schedule is a way to give faults, and no fault by itself. */
const isFault = (kind: string): boolean => kind !== 'schedule';

it('every fault of the simulator is in the suite, and in the list that the adapters promise', () => {
  const simulator = found(read('apps/pbx-simulator/src/contract/fault.ts'), /kind: '(\w+)'/g).filter(isFault);
  const files = [
    'link.suite.ts',
    'yeastar.test.ts',
    'asterisk-ari.test.ts',
    'asterisk-ami.test.ts',
    'recordings.test.ts',
  ];
  const suite = files.map((file) => read(`test/conformance/${file}`)).join('\n');
  expect(found(suite, /fault\(\{ kind: '(\w+)'/g)).toEqual(simulator);
  expect(found(read('packages/pbx/README.md'), /^\| `(\w+)` +\|/gm)).toEqual(simulator);
});
