import { pbxId, tenantId, type PbxId } from '@trunkline/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterEntity, PbxEntity, PbxLinkEntity } from '../entities/index.ts';
import type { Database } from '../database.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import type { Transaction } from '../transaction.ts';
import {
  addPbx,
  addTenant,
  correctPbx,
  block,
  blockedForMs,
  clearCredentialFailures,
  countCredentialFailure,
  credentialFailures,
  liftBlocks,
  listPbxs,
  listTenants,
  removePbx,
  showPbx,
  storeUnreadableWords,
  takeSnapshotWish,
  wantRetry,
  wantSnapshot,
} from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => run((tx) => tx.query('truncate pbx cascade')));

const run = <Result>(work: (tx: Transaction) => Promise<Result>) => database.run(work);
const tenant = tenantId(tenantIds[0]);
const given = {
  tenant,
  name: 'Head office',
  vendor: 'asterisk-ari',
  address: 'https://pbx.example.com:8089',
  trust: 'public',
  credential: 'head-office',
  options: { application: 'trunkline' },
};
const add = (name = given.name): Promise<PbxId> => run((tx) => addPbx(tx, { ...given, name }));

describe('PBXs', () => {
  it('are added with a link of their own, found by id or name, and removed without losing what they said', async () => {
    const id = await add();
    await add('Branch');
    const [found] = await run((tx) => listPbxs(tx, { called: 'Head office' }));
    expect(found).toMatchObject({ ...given, id, enabled: true, removed: false });
    expect(found?.link).toMatchObject({ state: 'idle', heldBy: null, epoch: 0, blocks: [], warnings: [] });
    expect((await run((tx) => listPbxs(tx))).map(({ name }) => name)).toEqual(['Branch', 'Head office']);
    expect(await run((tx) => listPbxs(tx, { tenant: tenantId(tenantIds[1]) }))).toEqual([]);

    expect(await run((tx) => removePbx(tx, id))).toBe(true);
    expect(await run((tx) => removePbx(tx, id))).toBe(false);
    expect((await run((tx) => listPbxs(tx))).map(({ name }) => name)).toEqual(['Branch']);
    expect(await run((tx) => showPbx(tx, id))).toMatchObject({ id, removed: true });
    expect(await run((tx) => showPbx(tx, pbxId('00000000-0000-4000-8000-00000000ffff')))).toBeNull();
  });

  it('can be described anew, as long as they are there', async () => {
    const id = await add();
    const anew = { ...given, name: 'Head office', address: 'https://other:8089', options: {} };
    expect(await run((tx) => correctPbx(tx, id, anew))).toBe(true);
    expect(await run((tx) => showPbx(tx, id))).toMatchObject(anew);
    await run((tx) => removePbx(tx, id));
    expect(await run((tx) => correctPbx(tx, id, given))).toBe(false);
  });

  it('belong to a tenant that is known', async () => {
    const stranger = tenantId('30000000-0000-4000-8000-000000000003');
    await expect(run((tx) => addPbx(tx, { ...given, tenant: stranger }))).rejects.toThrow('no tenant 3000');
    expect(await run((tx) => addTenant(tx, { id: stranger, name: 'Third' }))).toBe(stranger);
    expect(await run((tx) => addTenant(tx, { id: stranger, name: 'Third again' }))).toBe(stranger);
    expect((await run((tx) => listTenants(tx))).filter(({ id }) => id === stranger)).toEqual([
      { id: stranger, name: 'Third' },
    ]);
  });

  it('and their links are seen by their tenant only', async () => {
    const id = await add();
    const seen = await database.forTenant(tenant, (em) => em.find(PbxLinkEntity, {}));
    expect(seen.map(({ pbxId: pbx }) => pbx)).toEqual([id]);
    const [pbx] = await database.forTenant(tenant, (em) => em.find(PbxEntity, {}));
    expect(pbx).toMatchObject({ address: given.address, options: given.options, removedAt: null });
    expect(
      await database.forTenant(tenantId(tenantIds[1]), (em) =>
        em.find(PbxLinkEntity, {}, { filters: false }),
      ),
    ).toEqual([]);
  });
});

describe('a block', () => {
  it('belongs to a PBX and an address, and is only ever prolonged', async () => {
    const id = await add();
    const blocking = { pbx: id, egress: 'default', reason: 'too many logins' };
    expect(await run((tx) => blockedForMs(tx, id, 'default'))).toBeNull();
    expect(await run((tx) => block(tx, { ...blocking, forMs: 600_000 }))).toBeGreaterThan(590_000);
    expect(await run((tx) => block(tx, { ...blocking, forMs: 1_000, reason: 'shorter' }))).toBeGreaterThan(
      590_000,
    );
    expect(await run((tx) => block(tx, { ...blocking, forMs: 900_000 }))).toBeGreaterThan(890_000);
    expect(await run((tx) => blockedForMs(tx, id, 'default'))).toBeGreaterThan(880_000);
    expect(await run((tx) => blockedForMs(tx, id, 'other'))).toBeNull();
    expect((await run((tx) => showPbx(tx, id)))?.link.blocks).toMatchObject([
      { egress: 'default', reason: 'too many logins' },
    ]);
    expect(await run((tx) => liftBlocks(tx, id))).toBe(1);
    expect(await run((tx) => blockedForMs(tx, id, 'default'))).toBeNull();
  });

  it('that is over is none', async () => {
    const id = await add();
    await run((tx) => block(tx, { pbx: id, egress: 'default', forMs: 0, reason: '' }));
    expect(await run((tx) => blockedForMs(tx, id, 'default'))).toBeNull();
  });
});

describe('the budget of credential failures', () => {
  it('counts those in a row, a credential at a time, until a login goes well or an operator wants another try', async () => {
    const id = await add();
    const count = (mark: string) => run((tx) => countCredentialFailure(tx, id, mark));
    expect([await count('one'), await count('one'), await count('other'), await count('other')]).toEqual([
      1, 2, 1, 2,
    ]);
    expect(await run((tx) => credentialFailures(tx, id, 'other'))).toBe(2);
    expect(await run((tx) => credentialFailures(tx, id, 'one'))).toBe(0);
    await run((tx) => clearCredentialFailures(tx, id));
    expect(await run((tx) => credentialFailures(tx, id, 'other'))).toBe(0);
    await count('other');
    expect(await run((tx) => wantRetry(tx, id))).toBe(true);
    expect(await run((tx) => credentialFailures(tx, id, 'other'))).toBe(0);
  });
});

describe('a wish for a snapshot', () => {
  it('stands once, with the first reason, until it is taken', async () => {
    const id = await add();
    await run((tx) => wantSnapshot(tx, [id, id, 'not a uuid'], 'gap'));
    await run((tx) => wantSnapshot(tx, [id], 'dead-letter'));
    expect(await run((tx) => takeSnapshotWish(tx, id))).toBe('gap');
    expect(await run((tx) => takeSnapshotWish(tx, id))).toBeNull();
  });

  it('made while another is being taken is not lost', async () => {
    const id = await add();
    await run((tx) => wantSnapshot(tx, [id], 'first'));
    let second: Promise<void> = Promise.resolve();
    await run(async (tx) => {
      expect(await takeSnapshotWish(tx, id)).toBe('first');
      second = run((other) => wantSnapshot(other, [id], 'second'));
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await second;
    expect(await run((tx) => takeSnapshotWish(tx, id))).toBe('second');
  });
});

describe('words that nobody could read', () => {
  it('become dead letters, each once, whatever they hold', async () => {
    const id = await add();
    const word = { pbx: id, epoch: 3, shard: 1, type: null, raw: 'a\0b\ud800"{}', problem: 'not JSON' };
    const letters = [
      { ...word, count: 1 },
      { ...word, count: 2, type: 'call.ringing' },
    ];
    await run((tx) => storeUnreadableWords(tx, letters));
    await run((tx) => storeUnreadableWords(tx, letters));
    const stored = await database.transaction((_tx, em) =>
      em.find(DeadLetterEntity, { source: id }, { orderBy: { entryId: 'asc' } }),
    );
    expect(stored).toMatchObject([
      { groupName: 'link', shard: 1, entryId: `${id}/3/1`, payload: 'a\u2400b\ufffd"{}', error: 'not JSON' },
      { entryId: `${id}/3/2`, type: 'call.ringing', seq: null, state: 'parked' },
    ]);
  });
});
