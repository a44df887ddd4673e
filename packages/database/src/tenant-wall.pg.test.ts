import { callKey, tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallEntity, PbxEntity, TenantEntity } from './entities/index.ts';
import type { Database } from './database.ts';
import { tenantRole, tenantTables } from './tenant-role.ts';
import { preparedDatabase, tenantIds } from './testing/index.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const ownCall = callKey('own');
const foreignCall = callKey('foreign');

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
  await database.run(async (transaction) => {
    for (const [tenant, pbx, key] of [
      [one, pbxIds[0], ownCall],
      [other, pbxIds[2], foreignCall],
    ]) {
      await transaction.query(
        `insert into call (tenant_id, pbx_id, call_key, started_at, word_as_of, word_said, word_rank, word_status, extensions, status)
         values ($1, $2, $3, now(), 1, 1, 0, 'ringing', '{}', 'ringing')`,
        [tenant, pbx, key],
      );
    }
  });
});
afterAll(() => database[Symbol.asyncDispose]());

describe('the first wall: the filter of the entity manager', () => {
  it('shows a tenant its own rows', async () => {
    const calls = await database.forTenant(one, (em) => em.find(CallEntity, {}));
    expect(calls.map(({ callKey: key }) => key)).toEqual([ownCall]);
    expect(await database.forTenant(one, (em) => em.count(PbxEntity, {}))).toBe(2);
    expect((await database.forTenant(one, (em) => em.find(TenantEntity, {}))).map(({ id }) => id)).toEqual([
      one,
    ]);
  });

  it('refuses an entity manager that does not say for whom it works', async () => {
    await expect(database.orm.em.fork().find(CallEntity, {})).rejects.toThrow(/tenant/i);
  });
});

describe('the second wall: row-level security', () => {
  it('holds where the filter is switched off', async () => {
    const calls = await database.forTenant(one, (em) => em.find(CallEntity, {}, { filters: false }));
    expect(calls.map(({ callKey: key }) => key)).toEqual([ownCall]);
  });

  it('holds for any statement, on every table that has tenants', async () => {
    const rows = await database.forTenant(one, (_em, transaction) =>
      transaction.query<{ call_key: string }>('select call_key from call where tenant_id = $1 or true', [
        other,
      ]),
    );
    expect(rows).toEqual([{ call_key: ownCall }]);

    const walled = await database.run((transaction) =>
      transaction.query<{ name: string }>(
        `select table_name as name from information_schema.columns c
         join pg_class k on k.relname = table_name and k.relnamespace = 'public'::regnamespace
         where column_name = 'tenant_id' and table_schema = 'public' and k.relrowsecurity order by 1`,
      ),
    );
    expect(walled.map(({ name }) => name)).toEqual([...tenantTables].sort());
  });

  it('shows of the dead letters, which name no tenant, those of the tenant’s own PBXs', async () => {
    await database.run((transaction) =>
      transaction.query(
        `insert into dead_letter (id, group_name, shard, entry_id, source, payload, error, attempts)
         select gen_random_uuid(), 'lifecycle', 0, source, source, '{}', 'broken', 1 from unnest($1::text[]) source`,
        [[pbxIds[0], pbxIds[2], 'nobody']],
      ),
    );
    for (const [tenant, source] of [
      [one, pbxIds[0]],
      [other, pbxIds[2]],
    ] as const) {
      const rows = await database.forTenant(tenant, (_em, transaction) =>
        transaction.query('select source from dead_letter'),
      );
      expect(rows).toEqual([{ source }]);
    }
  });

  it('shows nothing at all to whoever names no tenant', async () => {
    const rows = await database.run(async (transaction) => {
      await transaction.query(`set local role ${tenantRole}`);
      return transaction.query('select from call');
    });
    expect(rows).toEqual([]);
  });

  it('lets no tenant write, nor read the tables that belong to all', async () => {
    await expect(
      database.forTenant(one, (_em, transaction) => transaction.query(`update call set status = 'held'`)),
    ).rejects.toThrow(/permission denied|read-only/);
    for (const table of ['outbox', 'stream_offset', 'work_lease', 'call_event_default']) {
      await expect(
        database.forTenant(one, (_em, transaction) => transaction.query(`select from ${table}`)),
      ).rejects.toThrow(/permission denied/);
    }
  });

  it('ends with the transaction: the next user of the connection is nobody in particular again', async () => {
    await database.forTenant(one, (em) => em.find(CallEntity, {}));
    const [row] = await database.run((transaction) =>
      transaction.query<{ role: string; tenant: string | null; calls: number }>(
        `select current_user as role, nullif(current_setting('trunkline.tenant', true), '') as tenant,
           (select count(*) from call)::integer as calls`,
      ),
    );
    expect(row).toMatchObject({ tenant: null, calls: 2 });
    expect(row?.role).not.toBe(tenantRole);
  });
});
