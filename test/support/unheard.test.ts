import { readEvent, type LifecycleEvent } from '@trunkline/domain';
import { expect, it } from 'vitest';
import { unheard } from './unheard.ts';

const pbx = '10000000-0000-4000-8000-000000000001';
const forEver = Number.MAX_SAFE_INTEGER;

const said = (place: string, type: string, payload: object): LifecycleEvent => {
  const [epoch = 0, seq = 0] = place.split('-').map(Number);
  return readEvent({ source: pbx, epoch, seq, type }, payload);
};
const word = (place: string, at: number) => said(place, 'call.ringing', { call: 'c', at });
const lost = (place: string, at: number) =>
  said(place, 'link.disconnected', { at, cause: 'pbx_disconnected' });
const list = (place: string, at: number) => {
  const [epoch = 0, seq = 0] = place.split('-').map(Number);
  return said(place, 'link.snapshot', { at, asOf: { epoch, seq: seq - 1 }, calls: [], extensions: [] });
};

it.each([
  ['before the first list', [list('1-1', 10), word('1-2', 20)], [[0, 10]]],
  [
    'for ever where no list follows',
    [list('1-1', 10), word('1-2', 20), lost('1-3', 30)],
    [
      [0, 10],
      [20, forEver],
    ],
  ],
  [
    'from the last word of a lost link to the next list, and a list before it is no word',
    [list('1-1', 10), word('1-2', 20), list('1-3', 30), lost('1-4', 40), list('2-1', 50)],
    [
      [0, 10],
      [20, 50],
    ],
  ],
  [
    'around another holder',
    [list('1-1', 10), word('1-2', 20), list('2-1', 60)],
    [
      [0, 10],
      [20, 60],
    ],
  ],
  [
    'around a missing number',
    [list('1-1', 10), word('1-2', 20), word('1-4', 40), list('1-5', 50)],
    [
      [0, 10],
      [20, 50],
    ],
  ],
  [
    'until a list of the state after it: one that was under way says nothing of it',
    [
      list('1-1', 10),
      word('1-2', 20),
      word('1-4', 40),
      said('1-5', 'link.snapshot', { at: 50, asOf: { epoch: 1, seq: 2 }, calls: [] }),
    ],
    [
      [0, 10],
      [20, forEver],
    ],
  ],
])('what happens may be unheard %s', (_when, events, gaps) => {
  expect(unheard(events)).toEqual(gaps);
});
