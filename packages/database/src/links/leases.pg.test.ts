import { pbxId, tenantId, type PbxId } from '@trunkline/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import type { Transaction } from '../transaction.ts';
import {
  addPbx,
  enablePbx,
  listPbxs,
  otherReplicas,
  releaseLease,
  removePbx,
  removeReplica,
  renewLeases,
  storeLink,
  takeLeases,
  takeRetryWish,
  wantRetry,
  wantSnapshot,
  type LinkRecord,
  type Replica,
} from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => run((tx) => tx.query('truncate pbx, connector, outbox cascade')));

const run = <Result>(work: (tx: Transaction) => Promise<Result>) => database.run(work);
const replica = (id: string): Replica => ({ id, name: `pod ${id}`, egress: 'default' });
const ttlMs = 60_000;
const [a, b] = [replica('a'), replica('b')];

async function pbxs(count: number): Promise<PbxId[]> {
  const tenant = tenantId(tenantIds[0]);
  const given = { tenant, vendor: 'yeastar', address: 'https://pbx', trust: 'public', credential: 'head' };
  return run(async (tx) => {
    const ids: PbxId[] = [];
    for (let index = 0; index < count; index += 1)
      ids.push(await addPbx(tx, { ...given, name: `pbx ${index}` }));
    return ids.sort();
  });
}

const take = (by: Replica, max = 100) => run((tx) => takeLeases(tx, by, { ttlMs, max }));
const renew = (by: Replica) => run((tx) => renewLeases(tx, by, { ttlMs }));
const expire = (owner: string) =>
  run((tx) =>
    tx.query(`update pbx_link set lease_expires_at = clock_timestamp() where lease_owner = $1`, [owner]),
  );
const live: LinkRecord = {
  state: 'live',
  reason: null,
  nextAttemptInMs: null,
  alarm: null,
  open: true,
  failures: 0,
  startMark: 'boot-1',
  product: 'P570',
  warnings: ['monitoring is off for 1001'],
};

it('notes when a PBX was heard, as those who hold it renew, and of no other', async () => {
  const [heard, silent] = await pbxs(2);
  await take(a);
  const heardAt = () =>
    run(async (tx) => (await listPbxs(tx)).map(({ id, link }) => [id, link.heardAt !== null] as const));
  expect(new Map(await heardAt())).toEqual(new Map([heard, silent].map((id) => [id, false])));
  await run((tx) => renewLeases(tx, a, { ttlMs, heard: heard === undefined ? [] : [heard] }));
  // Somebody else's word about it is nobody's.
  await run((tx) => renewLeases(tx, replica('b'), { ttlMs, heard: silent === undefined ? [] : [silent] }));
  await renew(a);
  expect(new Map(await heardAt())).toEqual(
    new Map([
      [heard, true],
      [silent, false],
    ]),
  );
});

describe('taking leases', () => {
  it('gives each to one of those who ask at once, with a new epoch', async () => {
    const ids = await pbxs(20);
    const taken = (await Promise.all(['a', 'b', 'c', 'd'].map((id) => take(replica(id))))).flat();
    expect(taken.map(({ config }) => config.pbx).sort()).toEqual(ids);
    expect(new Set(taken.map(({ epoch }) => epoch))).toEqual(new Set([1]));
    expect(taken[0]).toMatchObject({ open: false, handedOverMsAgo: null, takenFrom: null, failures: 0 });
    expect(taken[0]?.config).toMatchObject({ vendor: 'yeastar', options: {}, wanted: true });
    expect(await take(a)).toEqual([]);
  });

  it('takes no more than it was asked for, and nothing of a PBX that nobody wants', async () => {
    const [first, second, third] = await pbxs(3);
    await run((tx) => enablePbx(tx, first as PbxId, false));
    await run((tx) => removePbx(tx, second as PbxId));
    expect(await take(a, 0)).toEqual([]);
    expect((await take(a)).map(({ config }) => config.pbx)).toEqual([third]);
  });

  it('takes over what has expired, with a higher epoch and what the last holder left', async () => {
    const [pbx] = await pbxs(1);
    await take(a);
    await run((tx) => storeLink(tx, { pbx: pbx as PbxId, owner: 'a', epoch: 1 }, live));
    expect(await take(b)).toEqual([]);
    await expire('a');
    expect(await take(b)).toMatchObject([
      { epoch: 2, open: true, handedOverMsAgo: null, takenFrom: 'a', startMark: 'boot-1' },
    ]);
    expect((await renew(a)).held).toEqual([]);
  });

  it('takes a PBX that was switched off while its holder was dead, because somebody must say that it is closed', async () => {
    const [pbx] = await pbxs(1);
    await take(a);
    await run((tx) => storeLink(tx, { pbx: pbx as PbxId, owner: 'a', epoch: 1 }, live));
    await run((tx) => enablePbx(tx, pbx as PbxId, false));
    await expire('a');
    const taken = await take(b);
    expect(taken).toMatchObject([{ epoch: 2, open: true, config: { wanted: false } }]);
  });
});

describe('renewing leases', () => {
  it('keeps what is held, also what expired and nobody took', async () => {
    const ids = await pbxs(2);
    await take(a);
    await expire('a');
    const { held } = await renew(a);
    expect(held.map(({ pbx, epoch }) => ({ pbx, epoch })).sort((x, y) => (x.pbx < y.pbx ? -1 : 1))).toEqual(
      ids.map((pbx) => ({ pbx, epoch: 1 })),
    );
    expect(await take(b)).toEqual([]);
  });

  it('tells what happened meanwhile: a wish for a snapshot, a retry, another configuration', async () => {
    const [pbx] = (await pbxs(1)) as [PbxId];
    const [taken] = await take(a);
    expect((await renew(a)).held).toEqual([
      { pbx, epoch: 1, configMark: taken?.config.mark, snapshotWanted: false, retryWanted: false },
    ]);
    await run((tx) => wantSnapshot(tx, [pbx, 'nobody'], 'gap'));
    await run((tx) => wantRetry(tx, pbx));
    await run((tx) => tx.query(`update pbx set address = 'https://other'`));
    const [held] = (await renew(a)).held;
    expect(held).toMatchObject({ snapshotWanted: true, retryWanted: true });
    expect(held?.configMark).not.toBe(taken?.config.mark);
    expect(await run((tx) => takeRetryWish(tx, pbx))).toBe(true);
    expect(await run((tx) => takeRetryWish(tx, pbx))).toBe(false);
  });

  it('shows who is alive and how the links are spread', async () => {
    await pbxs(3);
    await take(a, 2);
    await renew(b);
    expect((await renew(a)).spread).toEqual({
      replicas: [
        { id: 'a', held: 2 },
        { id: 'b', held: 0 },
      ],
      total: 3,
      free: 1,
    });
    expect(await run((tx) => otherReplicas(tx, 'a', { ttlMs }))).toEqual(['b']);
    await run((tx) => removeReplica(tx, 'b'));
    expect(await run((tx) => otherReplicas(tx, 'a', { ttlMs }))).toEqual([]);
  });
});

describe('releasing a lease', () => {
  it('frees it at once and tells the next holder that the link was well until then', async () => {
    const [pbx] = (await pbxs(1)) as [PbxId];
    await take(a);
    await run((tx) => storeLink(tx, { pbx, owner: 'a', epoch: 1 }, live));
    const lease = { pbx, owner: 'a', epoch: 1 };
    expect(await run((tx) => releaseLease(tx, lease, { handOver: true }))).toBe(true);
    expect(await run((tx) => releaseLease(tx, lease, { handOver: true }))).toBe(false);
    const [taken] = await take(b);
    expect(taken).toMatchObject({ epoch: 2, open: true, takenFrom: null });
    expect(taken?.handedOverMsAgo).toBeGreaterThanOrEqual(0);
    await run((tx) => releaseLease(tx, { pbx, owner: 'b', epoch: 2 }, { handOver: false }));
    expect(await take(a)).toMatchObject([{ handedOverMsAgo: null }]);
  });
});

describe('storing how a link stands', () => {
  it('posts the message in the same transaction, and only under a lease that is held', async () => {
    const [pbx] = (await pbxs(1)) as [PbxId];
    await take(a);
    const messages = await run((tx) => storeLink(tx, { pbx, owner: 'a', epoch: 1 }, live));
    expect(messages).toHaveLength(1);
    expect(JSON.parse(messages?.[0]?.payload ?? '{}')).toEqual({
      link_update: [
        {
          pbx,
          state: 'live',
          reason: null,
          since: expect.any(String) as string,
          nextAttemptAt: null,
          alarm: null,
          open: true,
          product: 'P570',
          warnings: ['monitoring is off for 1001'],
          snapshotAt: null,
          revision: 2,
        },
      ],
    });
    expect(await run((tx) => tx.query('select id from outbox'))).toHaveLength(1);
    expect(await run((tx) => storeLink(tx, { pbx, owner: 'b', epoch: 1 }, live))).toBeNull();
    expect(await run((tx) => storeLink(tx, { pbx, owner: 'a', epoch: 2 }, live))).toBeNull();
    expect(pbxId(pbx)).toBe(pbx);
  });
});
