import { expect, it } from 'vitest';
import { openSpans } from './open-spans.ts';

it('a call counts as open from each word that does not end it to the next word', () => {
  expect(
    openSpans([
      { type: 'call.ringing', version: '1' },
      { type: 'call.ended', version: '2' },
      { type: 'call.connected', version: '5' },
      { type: 'sweep.ended', version: '5' },
      { type: 'call.held', version: '9' },
    ]),
  ).toEqual([
    { from: '1', to: '2' },
    { from: '5', to: '5' },
    { from: '9', to: null },
  ]);
  expect(openSpans([])).toEqual([]);
});
