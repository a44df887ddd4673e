import { expect, it } from 'vitest';
import { plainLine } from './plain-line.ts';

const line = (entry: object): string =>
  JSON.stringify({ time: '2026-11-21T04:55:21.972Z', pid: 7, hostname: 'vm', name: 'connector', ...entry });

it('tells the time, what happened, and what belongs to it', () => {
  expect(plainLine(line({ level: 'info', msg: 'started', attempt: 2, pbx: 'an id' }))).toBe(
    '04:55:21 started (attempt=2)',
  );
});

it('is louder where something is wrong, and says what', () => {
  expect(
    plainLine(line({ level: 'error', msg: 'no snapshot', err: { message: 'refused', stack: 'at …' } })),
  ).toBe('04:55:21 ERROR: no snapshot: refused');
});

it.each(['plain words', '{ half', '{"some":"json"}'])('leaves %j alone', (text) => {
  expect(plainLine(text)).toBe(text);
});
