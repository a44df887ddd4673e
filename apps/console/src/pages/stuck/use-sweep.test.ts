import { expect, it } from 'vitest';
import type { SweepReport, SweepRequest } from '../../api/answers.ts';
import { realWishOf } from './use-sweep.ts';

const request = {
  dryRun: true,
  verify: true,
  timeoutMinutes: 30,
  pbx: 'p1',
  extension: null,
} as SweepRequest;
const call = (name: string, outcome: string) => ({ pbx: 'p1', call: name, outcome });
const report = (calls: object[], callsOmitted = 0) => ({ calls, callsOmitted }) as unknown as SweepReport;

it('what is ended is what the preview has shown, and no other call', () => {
  const shown = report([call('a', 'would_end'), call('b', 'alive'), call('c', 'failed')]);
  expect(realWishOf({ request, report: shown })).toEqual({
    dryRun: false,
    verify: true,
    timeoutMinutes: 30,
    pbx: 'p1',
    calls: [
      { pbx: 'p1', call: 'a' },
      { pbx: 'p1', call: 'c' },
    ],
  });
});

it('calls that are too many to be named are found by the same filter; without asking it is confirmed', () => {
  expect(realWishOf({ request, report: report([call('a', 'would_end')], 4) })).not.toHaveProperty('calls');
  expect(realWishOf({ request: { ...request, verify: false }, report: report([]) })).toMatchObject({
    verify: false,
    confirmUnverified: true,
  });
});
