import { expect, it } from 'vitest';
import type { Word } from '../port/words.ts';
import { WordQueue } from './word-queue.ts';

const word = (raw: string): Word => ({ kind: 'unreadable', raw, problem: '' });
const unused = (): never => {
  throw new Error('no overrun was expected');
};

async function read(queue: WordQueue): Promise<string[]> {
  const read: string[] = [];
  for await (const next of queue) if (next.kind === 'unreadable') read.push(next.raw);
  return read;
}

it('hands out words in order, what came before the reader and what comes after', async () => {
  const queue = new WordQueue({ onOverrun: unused });
  queue.push(word('a'));
  const reading = read(queue);
  await Promise.resolve();
  queue.push(word('b'));
  queue.push(word('c'));
  setImmediate(() => {
    queue.push(word('d'));
    queue.end();
    queue.push(word('too late'));
  });
  expect(await reading).toEqual(['a', 'b', 'c', 'd']);
});

it('holds words back until they are released', async () => {
  const queue = new WordQueue({ onOverrun: unused });
  queue.hold();
  queue.push(word('a'));
  const seen: Word[] = [];
  const reading = (async () => {
    for await (const next of queue) seen.push(next);
  })();
  await new Promise(setImmediate);
  expect(seen).toEqual([]);
  queue.release();
  await new Promise(setImmediate);
  expect(seen).toHaveLength(1);
  queue.end();
  await reading;
});

it('hands out what it held when the link ends', async () => {
  const queue = new WordQueue({ onOverrun: unused });
  queue.hold();
  queue.push(word('a'));
  queue.end();
  expect(await read(queue)).toEqual(['a']);
});

it('ends as an overrun when too much waits, and loses nothing of what waited', async () => {
  let overruns = 0;
  const queue = new WordQueue({ entriesMax: 2, onOverrun: () => overruns++ });
  for (const raw of ['a', 'b', 'c', 'd']) queue.push(word(raw));
  expect(overruns).toBe(1);
  expect(await read(queue)).toEqual(['a', 'b']);
});

it('is read once', async () => {
  const queue = new WordQueue({ onOverrun: unused });
  queue.end();
  await read(queue);
  await expect(read(queue)).rejects.toThrow(/once/);
});
