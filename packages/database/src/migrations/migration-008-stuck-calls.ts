import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

export class Migration008StuckCalls extends Migration {
  override up(): void {
    // Work that one alone may do at a time, over any number of processes: whoever holds the row does it.
    this.addSql(`
      create table work_lease (
        name text primary key,
        holder uuid not null,
        taken_at timestamptz not null default clock_timestamp(),
        expires_at timestamptz not null
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);

    // A sweep goes through all tenants; each of them sees a run of its own.
    this.addSql('alter table cleanup_run drop constraint if exists cleanup_run_kind_check');
    this.addSql(`update cleanup_run set kind = 'sweep' where kind = 'stuck_calls'`);
    this.addSql(`
      alter table cleanup_run
        add constraint cleanup_run_kind_check check (kind in ('disconnect', 'reconcile', 'sweep')),
        add sweep_id uuid,
        add unique (sweep_id, tenant_id)`);
    this.addSql(`
      create index cleanup_run_unfinished on cleanup_run (kind) where finished_at is null`);

    this.addSql(`
      create table cleanup_run_call (
        run_id uuid not null references cleanup_run on delete cascade,
        tenant_id uuid not null,
        pbx_id uuid not null,
        call_key text collate "C" not null,
        why text not null check (why in
          ('answered_too_long', 'unanswered_too_long', 'double_booked', 'spoke_again')),
        liveness text check (liveness in ('gone', 'alive', 'unknown')),
        outcome text not null check (outcome in
          ('ended', 'alive', 'unknown', 'failed', 'overtaken', 'reopened')),
        detail text,
        at timestamptz not null default clock_timestamp(),
        -- Set where the PBX spoke of a call again that this run had ended.
        spoke_again_at timestamptz,
        primary key (run_id, pbx_id, call_key, why)
      )`);
    this.addSql('create index cleanup_run_call_of_call on cleanup_run_call (pbx_id, call_key)');
    this.addSql('create index cleanup_run_call_by_age on cleanup_run_call (at)');

    // Phones that are shown in several open calls. settled_mark is the mark for which the PBX was asked and answered.
    this.addSql(`
      create table double_booking (
        pbx_id uuid not null,
        extension text collate "C" not null,
        tenant_id uuid not null,
        calls text[] not null,
        mark text not null,
        settled_mark text,
        seen_at timestamptz not null default clock_timestamp(),
        ask_after timestamptz not null default clock_timestamp(),
        primary key (pbx_id, extension)
      )`);

    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    for (const table of ['cleanup_run_call', 'double_booking']) {
      this.addSql(`grant select on ${table} to ${tenantRole}`);
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`create policy own_tenant on ${table} to ${tenantRole} using (tenant_id = ${isOwn})`);
    }
  }

  override down(): void {
    for (const table of ['double_booking', 'cleanup_run_call', 'work_lease'])
      this.addSql(`drop table ${table}`);
    this.addSql('drop index cleanup_run_unfinished');
    this.addSql('alter table cleanup_run drop constraint cleanup_run_kind_check, drop sweep_id');
    this.addSql(`update cleanup_run set kind = 'stuck_calls' where kind = 'sweep'`);
    this.addSql(`
      alter table cleanup_run
        add constraint cleanup_run_kind_check check (kind in ('disconnect', 'reconcile', 'stuck_calls'))`);
  }
}
