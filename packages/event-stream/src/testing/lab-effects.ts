import { setTimeout as sleep } from 'node:timers/promises';
import type { Apply, PayloadCodec, Resync, SqlTransaction } from '../index.ts';

/** What an event of the lab makes of its application. */
export interface LabPayload {
  /** Throws in JavaScript, in a statement, or at the commit. */
  readonly poison?: 'throw' | 'statement' | 'commit';
  /** Refused by `apply`, which needs no failure to know it. */
  readonly refused?: string;
  readonly sleepMs?: number;
}

/** No unique key on what was applied: applying twice must be seen, not prevented. */
export const LAB_TABLES = `
  create table lab_applied (id bigserial primary key, group_name text not null, source text not null,
    epoch bigint not null, seq bigint not null, entry_id text not null);
  create table lab_resync (id bigserial primary key, group_name text not null, source text not null,
    epoch bigint not null, reason text not null, first bigint, last bigint);
  create table lab_deferred (id integer primary key);
  create table lab_child (id integer not null references lab_deferred deferrable initially deferred);
`;

export const labCodec: PayloadCodec<LabPayload> = {
  encode: (_type, payload) => JSON.stringify(payload),
  decode: (text) => JSON.parse(text) as LabPayload,
};

export function labApply(group: string): Apply<LabPayload, SqlTransaction> {
  return async ({ events: all, refuse }, tx) => {
    const events = all.filter(({ payload }) => payload.refused === undefined);
    for (const event of all) if (event.payload.refused !== undefined) refuse(event, event.payload.refused);
    for (const { payload } of events) await misbehave(payload, tx);
    await tx.query(
      `insert into lab_applied (group_name, source, epoch, seq, entry_id)
       select $1, source, epoch, seq, entry_id
       from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) as event (source, epoch, seq, entry_id)`,
      [
        group,
        events.map(({ source }) => source),
        events.map(({ epoch }) => epoch),
        events.map(({ seq }) => seq),
        events.map(({ entryId }) => entryId),
      ],
    );
  };
}

export function labResync(group: string): Resync<SqlTransaction> {
  return async (requests, tx) => {
    for (const { source, epoch, reason, from, to } of requests) {
      await tx.query(
        'insert into lab_resync (group_name, source, epoch, reason, first, last) values ($1, $2, $3, $4, $5, $6)',
        [group, source, epoch, reason, from, to],
      );
    }
  };
}

async function misbehave({ poison, sleepMs }: LabPayload, tx: SqlTransaction): Promise<void> {
  if (sleepMs !== undefined) await sleep(sleepMs);
  if (poison === 'throw') throw new TypeError('this event is poison');
  if (poison === 'statement') await tx.query("select 'poison'::integer");
  if (poison === 'commit') await tx.query('insert into lab_child values (-1)');
}
