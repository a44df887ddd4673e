import { Migration } from '@mikro-orm/migrations';

/**
 * Each row keeps what was said (facts and the last word, with the key that won) and beside it what is shown, which is
 * a function of the word and its PBX's floors, written in the same transaction so that queries and screens are cheap.
 * `revision` counts the changes of a row: clients keep the highest they have seen.
 */
export class Migration002Calls extends Migration {
  override up(): void {
    this.addSql(`
      create table call (
        tenant_id uuid not null,
        pbx_id uuid not null,
        call_key text collate "C" not null,

        started_at timestamptz not null,
        answered_at timestamptz,
        answered_approximate boolean not null default false,
        direction text check (direction in ('inbound', 'outbound', 'internal')),
        trunk text,
        did text,
        route_version bigint,
        caller_number text,
        caller_name text,
        caller_version bigint,
        callee_number text,
        callee_name text,
        callee_version bigint,
        talk_told integer,

        word_as_of bigint not null,
        word_said bigint not null,
        word_rank smallint not null,
        word_status text not null check (word_status in ('calling', 'ringing', 'connected', 'held', 'ended')),
        extensions text[] not null,

        status text not null check (status in ('calling', 'ringing', 'connected', 'held', 'ended')),
        ended_at timestamptz,
        hangup_cause text,
        talk_seconds integer generated always as (
          case when status = 'ended'
            then coalesce(talk_told, greatest(0, floor(extract(epoch from ended_at - answered_at)))::integer, 0)
          end
        ) stored,
        verified_at timestamptz,
        revision integer not null default 1,

        primary key (pbx_id, call_key),
        check ((status = 'ended') = (ended_at is not null and hangup_cause is not null)),
        check (word_status <> 'ended' or status = 'ended')
      )`);

    // Every question about open calls is answered from this index, so its cost follows the open calls, not the history.
    this.addSql(`create index call_open on call (pbx_id, call_key) where status <> 'ended'`);

    // Calls that a floor closed and the PBX did not: looked at again only where an older floor arrives late.
    this.addSql(`
      create index call_closed_by_floor on call (pbx_id, word_as_of)
      where status = 'ended' and word_status <> 'ended'`);

    this.addSql(`
      create table extension (
        tenant_id uuid not null,
        pbx_id uuid not null,
        number text collate "C" not null,
        name text,
        name_version bigint,

        word_as_of bigint not null,
        word_said bigint not null,
        word_rank smallint not null,
        word_status text not null check (word_status in ('online', 'ringing', 'incall', 'busy', 'offline')),
        word_at timestamptz not null,

        status text not null check (status in ('online', 'ringing', 'incall', 'busy', 'offline')),
        last_seen_at timestamptz not null,
        revision integer not null default 1,

        primary key (pbx_id, number)
      )`);
    this.addSql(`
      create index extension_engaged on extension (pbx_id, number)
      where status in ('ringing', 'incall', 'busy')`);

    this.addSql(`
      create table recording (
        tenant_id uuid not null,
        pbx_id uuid not null,
        recording_key text collate "C" not null,
        ready_at timestamptz not null,
        ready_version bigint not null,
        call_key text collate "C",
        call_version bigint,
        duration_seconds integer,
        duration_version bigint,
        revision integer not null default 1,
        primary key (pbx_id, recording_key)
      )`);
    this.addSql('create index recording_of_call on recording (pbx_id, call_key)');

    this.addSql(`
      create table cleanup_run (
        id uuid primary key,
        tenant_id uuid not null,
        pbx_id uuid references pbx,
        kind text not null check (kind in ('disconnect', 'reconcile', 'stuck_calls')),
        version bigint,
        reason text,
        counts jsonb not null default '{}',
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        unique (pbx_id, kind, version)
      )`);
  }

  override down(): void {
    for (const table of ['cleanup_run', 'recording', 'extension', 'call']) this.addSql(`drop table ${table}`);
  }
}
