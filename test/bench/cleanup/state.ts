import type { Database } from '@trunkline/database';

const tenant = '10000000-0000-4000-8000-000000000001';
export const pbx = '00000000-0000-4000-8000-000000000001';

export async function addPbx(database: Database): Promise<void> {
  await database.run(async (transaction) => {
    await transaction.query(`insert into tenant (id, name) values ($1, 'bench')`, [tenant]);
    await transaction.query(
      `insert into pbx (id, tenant_id, name, vendor) values ($1, $2, 'bench', 'bench')`,
      [pbx, tenant],
    );
  });
}

/**
 * Everything as it was before the link was lost: every extension busy, a call for each, and the calls of the past. Each
 * run starts from tables of the same shape, vacuumed and analysed, and after a checkpoint.
 */
export async function busyState(
  database: Database,
  { rows, history }: { readonly rows: number; readonly history: number },
): Promise<void> {
  await database.run(async (transaction) => {
    await transaction.query(`
      truncate call, extension, pbx_floor, cleanup_run, call_event, outbox, stream_progress cascade`);
    await transaction.query(addCalls('ended', 'false'), [tenant, pbx, history]);
    await transaction.query(addCalls('open', 'true'), [tenant, pbx, rows]);
    await transaction.query(
      `insert into extension (tenant_id, pbx_id, number, name, name_version, word_as_of, word_said, word_rank,
         word_status, word_at, status, last_seen_at)
       select $1, $2, (1000 + n)::text, 'Extension ' || n, n, n, n, 0, s.status, now(), s.status, now()
       from generate_series(1, $3::integer) n,
         lateral (select (array['ringing', 'incall', 'busy'])[1 + n % 3] as status) s`,
      [tenant, pbx, rows],
    );
  });
  for (const statement of ['vacuum analyze call', 'vacuum analyze extension', 'checkpoint']) {
    await database.orm.em.fork().getConnection().execute(statement);
  }
}

const addCalls = (name: string, open: 'true' | 'false'): string => `
  insert into call (tenant_id, pbx_id, call_key, started_at, answered_at, direction, trunk, did, route_version,
    caller_number, caller_name, caller_version, callee_number, callee_version, word_as_of, word_said, word_rank,
    word_status, extensions, status, ended_at, hangup_cause)
  select $1, $2, '${name}-' || n, now() - n * interval '1 second', now() - n * interval '1 second', 'inbound', 'sip-1',
    '4930' || n, n, '+49301234' || n, 'Caller ' || n, n, (1000 + n)::text, n, n, n, 0, s.status,
    array[(1000 + n)::text], s.status, case when not ${open} then now() end, case when not ${open} then 'normal' end
  from generate_series(1, $3::integer) n,
    lateral (select case when ${open} then (array['calling', 'ringing', 'connected', 'held'])[1 + n % 4]
      else 'ended' end as status) s`;

export async function isClean(database: Database): Promise<boolean> {
  const rows = await database.run((transaction) =>
    transaction.query(
      `select 1 from call where status <> 'ended' union all
       select 1 from extension where status in ('ringing', 'incall', 'busy') limit 1`,
    ),
  );
  return rows.length === 0;
}
