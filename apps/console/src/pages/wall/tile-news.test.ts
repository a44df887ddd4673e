import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSpareTime } from './spare-time.ts';
import { createTileNews } from './tile-news.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A board of which a test says what changes, and a page that says itself when it has time. */
function lab(everyMs = 100) {
  const tiles = new Map<string, () => void>();
  const idle: (() => void)[] = [];
  const spare = createSpareTime(everyMs, (run) => void idle.push(run));
  const board = {
    subscribeTile(key: string, listener: () => void) {
      tiles.set(key, listener);
      return () => void tiles.delete(key);
    },
  };
  const heard: string[] = [];
  const news = createTileNews(board, spare);
  const hear = (key: string) => news.subscribe(key, () => void heard.push(key));
  const change = (...keys: readonly string[]) => keys.forEach((key) => tiles.get(key)?.());
  const beIdle = () => idle.shift()?.();
  return { news, spare, heard, hear, change, beIdle, tiles };
}

it('a tile on screen hears of each change at once', () => {
  const { heard, hear, change } = lab();
  hear('a');
  change('a', 'a');
  expect(heard).toEqual(['a', 'a']);
});

it('a tile that is not on screen hears once of all that came, when there is time', () => {
  const { news, heard, hear, change, beIdle } = lab();
  ['a', 'b'].forEach(hear);
  news.setVisible(false);
  change('a', 'a', 'b', 'a');
  expect(heard).toEqual([]);
  beIdle();
  expect(heard).toEqual(['a', 'b']);
  beIdle();
  expect(heard).toEqual(['a', 'b']);
});

it('a part that comes on screen is brought up to date at once, and nothing is told twice', () => {
  const { news, heard, hear, change, beIdle } = lab();
  hear('a');
  news.setVisible(false);
  change('a');
  news.setVisible(true);
  expect(heard).toEqual(['a']);
  beIdle();
  expect(heard).toEqual(['a']);
  change('a');
  expect(heard).toEqual(['a', 'a']);
});

it('a tile that is gone hears nothing any more', () => {
  const { news, heard, hear, change, beIdle, tiles } = lab();
  const stop = hear('a');
  news.setVisible(false);
  change('a');
  stop();
  beIdle();
  expect([heard, tiles.size]).toEqual([[], 0]);
});

it('jobs are done one at a time and so far from each other, each once, and one that was taken back not at all', () => {
  const { spare, beIdle } = lab(100);
  const done: string[] = [];
  const [one, two, three] = ['one', 'two', 'three'].map((name) => () => void done.push(name));
  if (one === undefined || two === undefined || three === undefined) throw new RangeError('three jobs');
  for (const job of [one, two, one, three]) spare.ask(job);
  beIdle();
  beIdle();
  expect(done).toEqual(['one']);
  spare.forget(two);
  vi.advanceTimersByTime(99);
  beIdle();
  expect(done).toEqual(['one']);
  vi.advanceTimersByTime(1);
  beIdle();
  expect(done).toEqual(['one', 'three']);
  spare.ask(one);
  vi.advanceTimersByTime(100);
  beIdle();
  expect(done).toEqual(['one', 'three', 'one']);
});

it('a page that is never idle gets on all the same', () => {
  const asked: unknown[] = [];
  vi.stubGlobal('requestIdleCallback', (_run: () => void, options: unknown) => void asked.push(options));
  createSpareTime(0).ask(() => undefined);
  vi.unstubAllGlobals();
  expect(asked).toEqual([{ timeout: 500 }]);
});
