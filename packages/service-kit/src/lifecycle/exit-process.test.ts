import { expect, test } from 'vitest';
import { runChild } from '../testing/child-process.ts';

test('a process that ends when it is idle finishes its work, its listeners and its output, and keeps its code', async () => {
  await using child = runChild(new URL('./testing/idle-process.ts', import.meta.url));
  expect(await child.ending()).toEqual({ code: 3, signal: null });
  await child.says('listener of the exit');
  expect(child.output.map((line) => (line.length === 1_000_000 ? 'a long line' : line))).toEqual([
    'a long line',
    'work is done',
    'listener of the exit',
  ]);
});
