import { expect, it } from 'vitest';
import { oneAhead } from './one-ahead.ts';

it('gives every value in order, asks for one more meanwhile and for no second one', async () => {
  const log: string[] = [];
  async function* source() {
    for (const value of [1, 2, 3]) {
      log.push(`read ${value}`);
      yield value;
    }
  }
  for await (const value of oneAhead(source())) {
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`done ${value}`);
  }
  expect(log).toEqual(['read 1', 'read 2', 'done 1', 'read 3', 'done 2', 'done 3']);
});

it('tells of what went wrong behind the values before it, and closes its source when nobody wants more', async () => {
  const seen: number[] = [];
  let isClosed = false;
  async function* source(isBroken: boolean) {
    try {
      yield 1;
      if (isBroken) throw new Error('the file ends here');
      yield 2;
      yield 3;
    } finally {
      isClosed = true;
    }
  }
  const readAll = async () => {
    for await (const value of oneAhead(source(true))) seen.push(value);
  };
  await expect(readAll()).rejects.toThrow('the file ends here');
  expect(seen).toEqual([1]);
  isClosed = false;
  for await (const value of oneAhead(source(false))) if (value === 1) break;
  expect(isClosed).toBe(true);
});
