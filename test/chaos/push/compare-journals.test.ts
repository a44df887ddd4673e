import { expect, it } from 'vitest';
import { compareJournals } from './compare-journals.ts';

it.each([
  { told: [1, 3, 5], says: null },
  { told: [1, 5], says: '1 missing, 0 twice, 0 out of order, 0 of nobody; first at 1 of 3: 5 instead of 3' },
  {
    told: [1, 3],
    says: '1 missing, 0 twice, 0 out of order, 0 of nobody; first at 2 of 3: nothing instead of 5',
  },
  {
    told: [1, 3, 3, 5],
    says: '0 missing, 1 twice, 0 out of order, 0 of nobody; first at 2 of 3: 3 instead of 5',
  },
  {
    told: [3, 1, 5],
    says: '0 missing, 0 twice, 1 out of order, 0 of nobody; first at 0 of 3: 3 instead of 1',
  },
  {
    told: [1, 3, 5, 7],
    says: '0 missing, 0 twice, 0 out of order, 1 of nobody; first at 3 of 3: 7 instead of nothing',
  },
])('1, 3, 5 told as $told', ({ told, says }) => {
  expect(compareJournals([1, 3, 5], told)).toBe(says);
});
