/**
 * What nobody can beat who reads the same entries and keeps the same calls: bare ioredis and node-postgres, one upsert
 * from arrays a batch in which the last writer wins. No validation, no sequences, no audit, no outbox, no metrics.
 */
import { createStreamKeys } from '@trunkline/event-stream';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { readTask, tell } from './contender.ts';
import { statusOf, tenant, type Said } from './workload.ts';

const task = readTask();
const batchEntries = 2000;
const pool = new Pool({ connectionString: task.databaseUrl, max: task.shards });
const keys = createStreamKeys(task.prefix);
await pool.query('select 1');

const upsert = `
  insert into call as known (tenant_id, pbx_id, call_key, started_at, answered_at, direction, trunk, did, caller_number,
    caller_name, callee_number, talk_told, word_as_of, word_said, word_rank, word_status, extensions, status, ended_at,
    hangup_cause)
  select $1, pbx_id, call_key, to_timestamp(started_at / 1000), to_timestamp(answered_at / 1000), direction, trunk, did,
    caller_number, caller_name, callee_number, talk_told, version, version, 0, status, array[extension], status,
    to_timestamp(ended_at / 1000), hangup_cause
  from unnest($2::uuid[], $3::text[], $4::float8[], $5::float8[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::integer[], $13::bigint[], $14::text[], $15::text[], $16::float8[], $17::text[])
    as said (pbx_id, call_key, started_at, answered_at, direction, trunk, did, caller_number, caller_name,
      callee_number, talk_told, version, status, extension, ended_at, hangup_cause)
  on conflict (pbx_id, call_key) do update set
    answered_at = coalesce(excluded.answered_at, known.answered_at),
    callee_number = coalesce(excluded.callee_number, known.callee_number), talk_told = excluded.talk_told,
    word_as_of = excluded.word_as_of, word_said = excluded.word_said, word_status = excluded.word_status,
    extensions = excluded.extensions, status = excluded.status, ended_at = excluded.ended_at,
    hangup_cause = excluded.hangup_cause
  where excluded.word_said > known.word_said`;

/** A call as the words of one batch leave it. */
interface Row {
  readonly pbx: string;
  readonly startedAt: number;
  readonly version: number;
  readonly status: string;
  readonly said: Said;
}

async function serve(shard: number): Promise<number> {
  const redis = new Redis(task.redisUrl);
  let entries = 0;
  for (let lastId = '0-0'; ;) {
    const reply = await redis.xread('COUNT', batchEntries, 'STREAMS', keys.events(shard), lastId);
    const read = reply?.[0]?.[1];
    const last = read?.at(-1);
    if (read === undefined || last === undefined) break;
    lastId = last[0];
    entries += read.length;
    await write(shard, lastId, lastWords(read));
  }
  redis.disconnect();
  return entries;
}

function lastWords(read: readonly [string, string[]][]): Row[] {
  const rows = new Map<string, Row>();
  for (const [, fields] of read) {
    const [version = '', type = '', pbx = ''] = (fields[1] ?? '').split(' ');
    const said = JSON.parse(fields[3] ?? '') as Said;
    const key = `${pbx} ${said.call}`;
    const before = rows.get(key);
    rows.set(key, {
      pbx,
      startedAt: before?.startedAt ?? said.at,
      version: Number(version.slice(version.indexOf('-') + 1)),
      status: statusOf(type),
      said: before === undefined ? said : { ...before.said, ...said },
    });
  }
  return [...rows.values()];
}

async function write(shard: number, lastId: string, rows: readonly Row[]): Promise<void> {
  const client = await pool.connect();
  await client.query('begin');
  await client.query(upsert, [
    tenant,
    rows.map(({ pbx }) => pbx),
    rows.map(({ said }) => said.call),
    rows.map(({ startedAt }) => startedAt),
    rows.map(({ said }) => said.answeredAt ?? null),
    rows.map(({ said }) => said.route?.direction ?? null),
    rows.map(({ said }) => said.route?.trunk ?? null),
    rows.map(({ said }) => said.route?.did ?? null),
    rows.map(({ said }) => said.caller?.number ?? null),
    rows.map(({ said }) => said.caller?.name ?? null),
    rows.map(({ said }) => said.callee?.number ?? null),
    rows.map(({ said }) => said.talkSeconds ?? null),
    rows.map(({ version }) => version),
    rows.map(({ status }) => status),
    rows.map(({ said }) => said.extensions[0]),
    rows.map(({ said }) => said.endedAt ?? null),
    rows.map(({ said }) => said.cause ?? null),
  ]);
  await client.query('update bare_offset set last_id = $2 where shard = $1', [shard, lastId]);
  await client.query('commit');
  client.release();
}

const startedAt = performance.now();
const entries = await Promise.all(Array.from({ length: task.shards }, (_, shard) => serve(shard)));
tell({
  events: entries.reduce((sum, count) => sum + count, 0),
  seconds: (performance.now() - startedAt) / 1000,
});
await pool.end();
