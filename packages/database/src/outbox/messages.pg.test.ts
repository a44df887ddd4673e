import {
  batchesOf,
  deliveriesOf,
  histories,
  pbxIds,
  read,
  type PublishedEvent,
} from '@trunkline/domain/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said, tenantIds } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import type { OutboxMessage } from './post-outbox.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
const clear = (): Promise<unknown> =>
  database.run((transaction) =>
    transaction.query(
      'truncate call, extension, recording, pbx_floor, cleanup_run, call_event, outbox cascade',
    ),
  );
beforeEach(clear);

type Row = Readonly<Record<string, unknown>>;
type Told = readonly { readonly type: string; readonly row: Row }[];

const apply = async (heard: readonly HeardEvent[]): Promise<Told> =>
  toldBy((await database.run((transaction) => applyEvents(transaction, heard))).messages);

const toldBy = (messages: readonly OutboxMessage[]): Told =>
  messages.flatMap(({ payload }) =>
    Object.entries(JSON.parse(payload) as Record<string, Row[]>).flatMap(([type, rows]) =>
      rows.map((row) => ({ type, row })),
    ),
  );

const heard = (event: PublishedEvent): HeardEvent => ({ event: read(event), payload: '{}' });

const delivered = histories({ pbxs: 3, wordsMax: 25 }).chain((history) =>
  deliveriesOf(history).chain((deliveries) => batchesOf(deliveries)),
);

const writersMax = 4;

/** Every batch, by four writers at once, and all that they told. */
async function applyAtOnce(batches: readonly PublishedEvent[][]): Promise<Told> {
  const writers = Array.from({ length: writersMax }, async (_, writer) => {
    const told: Told[number][] = [];
    for (const batch of batches.filter((_batch, index) => index % writersMax === writer)) {
      told.push(...(await apply(batch.map(heard))));
    }
    return told;
  });
  return (await Promise.all(writers)).flat();
}

const kinds = [
  { key: 'call', fresh: 'new_call', changed: 'call_update' },
  { key: 'extension', fresh: 'extension_update', changed: 'extension_update' },
  { key: 'recording', fresh: 'new_recording', changed: 'recording_update' },
] as const;

describe('messages by type', () => {
  it('each revision of each row is told once, and the first one alone as new, whatever comes twice, late or at once', async () => {
    await fc.assert(
      fc
        .asyncProperty(delivered, async (batches) => {
          const told = await applyAtOnce(batches);
          for (const { key, fresh, changed } of kinds) {
            const own = told.filter(({ type }) => type === fresh || type === changed);
            const stored = await revisions(key);
            expect(own.map(({ row }) => `${nameOf(row, key)} ${String(row['revision'])}`).sort()).toEqual(
              stored.flatMap(({ name, revision }) => upTo(revision).map((each) => `${name} ${each}`)).sort(),
            );
            for (const { type, row } of own) expect(type).toBe(row['revision'] === 1 ? fresh : changed);
            if (key === 'call') expectPhonesKept(own.map(({ row }) => row));
          }
        })
        .beforeEach(async () => void (await clear())),
      { numRuns: 100 },
    );
  }, 60_000);

  /** Whoever was told of a call at a phone must be told of everything that becomes of it. */
  function expectPhonesKept(rows: readonly Row[]): void {
    for (const own of Map.groupBy(rows, (row) => nameOf(row, 'call')).values()) {
      const seen = new Set<unknown>();
      for (const row of own.toSorted((one, other) => Number(one['revision']) - Number(other['revision']))) {
        for (const phone of row['extensions'] as string[]) seen.add(phone);
        expect(new Set(row['phones'] as string[])).toEqual(seen);
        expect(row['phones']).toHaveLength(seen.size);
      }
    }
  }

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  const nameOf = (row: Row, key: string): string => `${String(row['pbx'])} ${String(row[key])}`;

  async function revisions(key: 'call' | 'extension' | 'recording') {
    const column = { call: 'call_key', extension: 'number', recording: 'recording_key' }[key];
    return await database.run((transaction) =>
      transaction.query<{ name: string; revision: number }>(
        `select pbx_id || ' ' || ${column} as name, revision from ${key}`,
      ),
    );
  }

  it('a link that comes up is told with its version', async () => {
    expect(await apply([said(7, 'link.connected', { at: Date.UTC(2026, 0, 1) })])).toEqual([
      {
        type: 'pbx-connected',
        row: { pbx: pbxIds[0], version: String(2n ** 40n + 7n), since: '2026-01-01T00:00:00.000Z' },
      },
    ]);
  });
});

describe('the size of messages', () => {
  it('what changed thousands of rows is told in several messages of a bounded size, each row once', async () => {
    const calls = Array.from({ length: 3_000 }, (_, index) => ({
      call: `call-${index}`,
      status: 'connected',
    }));
    await apply([said(2, 'link.snapshot', { asOf: { epoch: 1, seq: 1 }, calls, extensions: [] })]);
    const { messages } = await database.run((transaction) =>
      applyEvents(transaction, [said(3, 'link.disconnected', {})]),
    );
    expect(messages.length).toBeGreaterThan(3);
    for (const { payload, tenant } of messages) {
      expect(tenant).toBe(tenantIds[0]);
      expect(payload.length).toBeLessThan(320 * 1024);
    }
    const ended = toldBy(messages).filter(({ type }) => type === 'call_update');
    expect(new Set(ended.map(({ row }) => row['call'])).size).toBe(3_000);
    expect(ended).toHaveLength(3_000);
    const stored = await database.run((transaction) =>
      transaction.query<{ id: string; payload: string }>('select id, payload from outbox order by id'),
    );
    const posted = new Map(stored.map(({ id, payload }) => [id, payload]));
    for (const { id, payload } of messages) expect(posted.get(id)).toBe(payload);
  });
});
