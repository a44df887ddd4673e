import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultCases } from './fault-cases.ts';

const contract = new URL('../../apps/pbx-simulator/src/contract/fault.ts', import.meta.url);

it('every fault of the simulator happens to a whole fleet', () => {
  const kinds = readFileSync(contract, 'utf8').matchAll(/kind: '(\w+)'/g);
  expect(new Set(Object.keys(faultCases))).toEqual(new Set([...kinds].map(([, kind]) => kind)));
});

it('each of its cases begins with a fault of its kind', () => {
  const begun = Object.entries(faultCases).map(([kind, cases]) => [
    kind,
    new Set(cases.map(({ faults }) => faults[0].kind)),
  ]);
  expect(begun).toEqual(Object.keys(faultCases).map((kind) => [kind, new Set([kind])]));
});
