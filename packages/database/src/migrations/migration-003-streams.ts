import { Migration } from '@mikro-orm/migrations';

/** Where each group of consumers stands in the streams, what it has counted, and what it could not digest. */
export class Migration003Streams extends Migration {
  override up(): void {
    this.addSql(`
      create table stream_offset (
        group_name text not null,
        shard integer not null,
        last_id text not null default '0-0',
        entries_read bigint not null default 0,
        served_by text,
        served_at timestamptz,
        primary key (group_name, shard)
      )`);
    this.addSql(`
      create table stream_progress (
        group_name text not null,
        source text not null,
        epoch bigint not null,
        high bigint not null,
        missing int8multirange not null default '{}',
        received bigint not null default 0,
        duplicates bigint not null default 0,
        lost bigint not null default 0,
        updated_at timestamptz not null default now(),
        primary key (group_name, source, epoch)
      )`);
    this.addSql(`
      create table dead_letter (
        id uuid primary key,
        group_name text not null,
        shard integer not null,
        entry_id text not null,
        source text,
        epoch bigint,
        seq bigint,
        type text,
        payload text not null,
        traceparent text,
        error text not null,
        attempts integer not null,
        state text not null default 'parked' check (state in ('parked', 'replayed', 'dropped')),
        failed_at timestamptz not null default now(),
        resolved_at timestamptz,
        resolved_by text,
        unique (group_name, shard, entry_id)
      )`);
    this.addSql('create index dead_letter_newest on dead_letter (group_name, failed_at desc, id desc)');
  }

  override down(): void {
    for (const table of ['dead_letter', 'stream_progress', 'stream_offset'])
      this.addSql(`drop table ${table}`);
  }
}
