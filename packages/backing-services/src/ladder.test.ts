import { describe, expect, it } from 'vitest';
import { BackingUnavailable, climb } from './ladder.ts';
import type { Rung } from './ladder.ts';

type Program = { readonly source: string };

const rung = (name: string, found: readonly string[], passedOver: readonly string[] = []): Rung<Program> => ({
  name,
  find: () => Promise.resolve({ found: found.map((source) => ({ source })), passedOver }),
});

const refuse =
  (...sources: readonly string[]) =>
  ({ source }: Program) =>
    sources.includes(source)
      ? Promise.reject(new Error('its disk is full'))
      : Promise.resolve(`served by ${source}`);

describe('climb', () => {
  it('takes the first that serves and looks no further', async () => {
    const never: Rung<Program> = { name: 'npm', find: () => Promise.reject(new Error('was asked')) };
    expect(await climb('Redis', [rung('machine', ['a', 'b']), never], refuse('a'))).toBe('served by b');
  });

  it('goes on to the next rung when nobody on this one serves', async () => {
    const rungs = [rung('machine', ['a'], ['b is too old']), rung('npm', ['c'])];
    expect(await climb('Redis', rungs, refuse('a'))).toBe('served by c');
  });

  it('says at the end what was tried, why each failed and what would help', async () => {
    const rungs = [rung('machine', ['a'], ['b is too old']), rung('npm', [])];
    const climbing = climb('PostgreSQL', rungs, refuse('a'));
    await expect(climbing).rejects.toBeInstanceOf(BackingUnavailable);
    await expect(climbing).rejects.toThrow(
      /machine: b is too old\n.*a: its disk is full\n.*npm: not found\n.*set DATABASE_URL.*install PostgreSQL.*containers/s,
    );
  });
});
