import { describe, expect, it } from 'vitest';
import type { ResolvedLetters } from '../../api/answers.ts';
import { ApiError } from '../../api/problem.ts';
import { countOf, runBatch, type BatchProgress, type BatchWish } from './batch.ts';
import { neighboursOf } from './neighbours.ts';

const answer = (outcomes: readonly string[], next: string | null = null): ResolvedLetters => ({
  results: outcomes.map((outcome, index) => ({
    id: `l${index}`,
    outcome,
    problem: outcome === 'failed' ? 'no' : null,
  })),
  left: 0,
  next,
});
const busy = new ApiError('too often', {
  status: 429,
  kind: 'too-many-requests',
  traceId: null,
  retryAfterMs: 700,
  more: {},
});

/** Runs a wish before a server that answers so, in turn. */
async function lab(wish: BatchWish, ...answers: (ResolvedLetters | Error)[]) {
  const sent: object[] = [];
  const waits: number[] = [];
  const told: BatchProgress[] = [];
  const stop = new AbortController();
  const end = await runBatch({
    wish,
    signal: stop.signal,
    onProgress: (progress) => void told.push(progress),
    wait: async (ms) => void waits.push(ms),
    send: async (body) => {
      sent.push(body);
      const next = answers.shift();
      if (answers.length === 0) setTimeout(() => stop.abort(), 0);
      if (next === undefined || next instanceof Error) throw next ?? new Error('nothing more to answer');
      return next;
    },
  });
  return { sent, waits, told, end };
}

describe('replaying or dropping many', () => {
  it('goes on after those that fail, and keeps why', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `id${index}`);
    const first = [...Array.from({ length: 24 }, () => 'replayed'), 'failed'];
    const { sent, end } = await lab(
      { ids },
      answer(first),
      answer(Array.from({ length: 5 }, () => 'replayed')),
    );
    expect(sent).toEqual([{ ids: ids.slice(0, 25) }, { ids: ids.slice(25) }]);
    expect(end).toEqual({ all: 30, done: 29, failures: [{ id: 'l24', why: 'no' }], problem: null });
  });

  it('is of what was counted when somebody was asked, page by page', async () => {
    const wish = { filter: { error: 'boom' }, failedBy: '2026-11-19T14:00:00Z', count: 3 };
    const { sent, end } = await lab(wish, answer(['dropped', 'dropped'], 'more'), answer(['gone']));
    const asked = { error: 'boom', failedBy: wish.failedBy, count: 3 };
    expect(sent).toEqual([asked, { ...asked, after: 'more' }]);
    expect([countOf(wish), end.done, end.failures]).toEqual([3, 2, [{ id: 'l0', why: 'gone' }]]);
  });

  it('waits where it was too often, and ends with the reason where it can’t go on', async () => {
    const { waits, end, told } = await lab({ ids: ['a'] }, busy, answer(['replayed']));
    expect([waits, end.done, told[0]?.done]).toEqual([[700], 1, 0]);
    const changed = await lab({ filter: {}, failedBy: '', count: 214 }, new Error('215 match now, not 214'));
    expect(changed.end).toMatchObject({ all: 214, done: 0, problem: '215 match now, not 214' });
    expect((await lab({ ids: [] })).end).toMatchObject({ all: 0, done: 0, problem: null });
  });
});

it('the neighbours of a letter are those of its shard, in the order of the entries', () => {
  const letter = (id: string, entryId: string, shard = 1) => ({ id, group: 'link', shard, entryId });
  const letters = [
    letter('c', 'p/1/100'),
    letter('a', 'p/1/9'),
    letter('b', 'p/1/10'),
    letter('x', 'p/1/11', 2),
  ];
  const beside = (id: string) => {
    const { before, after } = neighboursOf(letters.find((each) => each.id === id) ?? letter('', ''), letters);
    return [before?.id, after?.id];
  };
  expect([beside('a'), beside('b'), beside('c'), beside('x')]).toEqual([
    [undefined, 'b'],
    ['a', 'c'],
    ['b', undefined],
    [undefined, undefined],
  ]);
});
