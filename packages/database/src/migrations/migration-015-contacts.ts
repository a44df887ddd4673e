import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

/** Whom a tenant knows, by which numbers, and the imports that brought them. */
export class Migration015Contacts extends Migration {
  override up(): void {
    // Where a number without a country code is read as one of; null: only those with a code can be read.
    this.addSql(`alter table tenant add default_country text check (default_country ~ '^[A-Z]{2}$')`);

    this.addSql(`
      create table contact (
        id uuid primary key,
        tenant_id uuid not null references tenant,
        seq bigint generated always as identity,
        -- As people write it, in one line: which part of it is a family name differs by country.
        name text,
        company text,
        -- In lower case, and its domain as it is registered: by it somebody is known again.
        email text,
        tags text[] not null default '{}',
        notes text,
        -- By which it is listed: name, else company, else address, in lower case.
        sort_key text collate "C" not null,
        -- The import that made it.
        import_id uuid,
        created_at timestamptz not null default clock_timestamp(),
        updated_at timestamptz not null default clock_timestamp(),
        revision integer not null default 1
      ) with (autovacuum_vacuum_scale_factor = 0.05)`);
    this.addSql('create index contact_sorted on contact (tenant_id, sort_key, id)');
    this.addSql(`
      create index contact_email on contact (tenant_id, email collate "C", seq) where email is not null`);

    this.addSql(`
      create table contact_number (
        tenant_id uuid not null,
        -- E.164: a plus sign and digits.
        number text collate "C" not null check (number ~ '^\\+[1-9][0-9]{1,14}$'),
        contact_id uuid not null references contact on delete cascade,
        -- The order in which contacts got it: of several that have it the first is named.
        seq bigint generated always as identity,
        label text,
        primary key (tenant_id, number, contact_id)
      )`);
    this.addSql('create index contact_number_of_contact on contact_number (contact_id)');

    this.addSql(`
      create table contact_import (
        id uuid primary key,
        tenant_id uuid not null references tenant,
        file_key text not null,
        file_name text not null,
        bytes bigint not null,
        sha256 text not null,
        -- What is not UTF-8 in any place is not UTF-8.
        is_utf8 boolean not null,
        state text not null default 'uploaded'
          check (state in ('uploaded', 'waiting', 'running', 'complete', 'failed', 'cancelled')),
        cancel_wanted boolean not null default false,
        -- How the file is read and what becomes of its rows, as JSON; null until it is started.
        plan jsonb,
        created_by text not null,
        created_at timestamptz not null default clock_timestamp(),
        started_at timestamptz,
        finished_at timestamptz,
        -- Rows of the file that are done, committed with what became of them: a crash goes on from here.
        rows_done bigint not null default 0,
        bytes_done bigint not null default 0,
        created bigint not null default 0,
        updated bigint not null default 0,
        unchanged bigint not null default 0,
        skipped bigint not null default 0,
        rejected bigint not null default 0,
        problem text,
        revision integer not null default 1
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);
    this.addSql(
      'create index contact_import_of_tenant on contact_import (tenant_id, created_at desc, id desc)',
    );
    this.addSql(`
      create index contact_import_open on contact_import (created_at) where state in ('waiting', 'running')`);

    this.addSql(`
      create table contact_import_rejection (
        import_id uuid not null references contact_import on delete cascade,
        tenant_id uuid not null,
        -- The row's place in the file, from 1 on, its header not counted.
        row bigint not null,
        reasons text[] not null,
        cells text[] not null,
        primary key (import_id, row)
      )`);

    // Contacts that an import under way has changed or found as they were: what comes again in the file only adds to them.
    this.addSql(`
      create table contact_import_touch (
        import_id uuid not null references contact_import on delete cascade,
        contact_id uuid not null,
        primary key (import_id, contact_id)
      )`);

    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    for (const table of ['contact', 'contact_number', 'contact_import', 'contact_import_rejection']) {
      this.addSql(`grant select on ${table} to ${tenantRole}`);
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`create policy own_tenant on ${table} to ${tenantRole} using (tenant_id = ${isOwn})`);
    }
  }

  override down(): void {
    for (const table of [
      'contact_import_touch',
      'contact_import_rejection',
      'contact_import',
      'contact_number',
      'contact',
    ])
      this.addSql(`drop table ${table}`);
    this.addSql('alter table tenant drop default_country');
  }
}
