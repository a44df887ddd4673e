import { gather } from '@trunkline/domain';
import {
  batchesOf,
  deliveriesOf,
  histories,
  pbxIds,
  read,
  stateOf,
  type PublishedEvent,
} from '@trunkline/domain/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, storedState, type State } from '../testing/index.ts';
import { applyNews } from './apply-news.ts';

let database: Database;

beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function clear(): Promise<void> {
  await database.run((transaction) => transaction.query('truncate call, extension, recording, pbx_floor'));
}
beforeEach(clear);

const apply = (batch: readonly PublishedEvent[]) =>
  database.run((transaction) => applyNews(transaction, gather(batch.map(read))));

const stored = (): Promise<State> => database.run(storedState);

/** What the domain makes of the history, with the PBXs that said nothing, as the table of PBXs has them. */
function expected(history: readonly PublishedEvent[]): State {
  const known = new Map(stateOf(gather(history.map(read))).map((state) => [String(state.pbx), state]));
  return pbxIds.map((pbx) => known.get(pbx) ?? { pbx, calls: [], extensions: [], recordings: [] }) as State;
}

const delivered = histories({ pbxs: 3, wordsMax: 25 }).chain((history) =>
  deliveriesOf(history).chain((deliveries) => fc.tuple(fc.constant(history), batchesOf(deliveries))),
);

describe('the SQL merge equals the domain', () => {
  it('[CALL2] [EXT3] [FLOOR1] on random histories, in any order, repetition and batching', async () => {
    await fc.assert(
      fc
        .asyncProperty(delivered, async ([history, batches]) => {
          for (const batch of batches) await apply(batch);
          expect(await stored()).toEqual(expected(history));
        })
        .beforeEach(clear),
      { numRuns: 150 },
    );
  }, 120_000);

  it('with several writers at once, and no two of them ever wait for each other in a circle', async () => {
    await fc.assert(
      fc
        .asyncProperty(delivered, async ([history, batches]) => {
          const writers = Array.from({ length: 4 }, (_, writer) =>
            batches.filter((_batch, index) => index % 4 === writer),
          );
          await Promise.all(
            writers.map(async (own) => {
              for (const batch of own) await apply(batch);
            }),
          );
          expect(await stored()).toEqual(expected(history));
        })
        .beforeEach(clear),
      { numRuns: 60 },
    );
  }, 120_000);

  it('a repeated delivery changes nothing and tells nobody', async () => {
    await fc.assert(
      fc
        .asyncProperty(histories({ pbxs: 2, wordsMax: 15 }), async (history) => {
          fc.pre(history.length > 0);
          await apply(history);
          const before = await stored();
          const again = await apply(history);
          const { tenants: _tenants, ...changes } = again;
          expect(Object.values(changes).flat()).toEqual([]);
          expect(await stored()).toEqual(before);
        })
        .beforeEach(clear),
      { numRuns: 50 },
    );
  }, 60_000);
});
