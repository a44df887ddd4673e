import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

/** What the console asks for: the calls of a phone, how a link came to stand as it does, and what a cleanup changed. */
export class Migration013Console extends Migration {
  override up(): void {
    // The calls of one phone, newest first. Under row-level security an index serves comparisons of plain values only,
    // of which an element of an array is one and a search in the array is none. Few calls end with more than three
    // phones: those have an index of their own, which is walked.
    for (const place of [1, 2, 3]) {
      this.addSql(`
        create index call_extension_${place}
        on call (pbx_id, (extensions[${place}]) collate "C", started_at desc, call_key desc)
        where status = 'ended' and extensions[${place}] is not null`);
    }
    this.addSql(`
      create index call_extension_many on call (pbx_id, started_at desc, call_key desc)
      where status = 'ended' and extensions[4] is not null`);
    // Without a statistic of its own PostgreSQL would take nearly every call for one of many phones.
    this.addSql('create statistics call_phones_of_many on (extensions[4]) from call');
    // The numbers of the parties as they were, and now in the order of a page as well.
    for (const column of ['caller_number', 'callee_number']) {
      this.addSql(`drop index call_${column}`);
      this.addSql(`
        create index call_${column} on call (pbx_id, ${column} collate "C", started_at desc, call_key desc)
        where status = 'ended' and ${column} is not null`);
    }

    // How links changed: the newest of each, written with the change itself.
    this.addSql(`
      create table pbx_link_step (
        id bigint generated always as identity primary key,
        pbx_id uuid not null references pbx_link on delete cascade,
        tenant_id uuid not null,
        at timestamptz not null default clock_timestamp(),
        was text not null,
        state text not null,
        reason text,
        alarm text,
        next_attempt_at timestamptz,
        epoch bigint not null,
        holder text not null
      )`);
    this.addSql('create index pbx_link_step_of_pbx on pbx_link_step (pbx_id, id desc)');

    // What a cleanup after a lost link or a snapshot changed: so many calls and phones of each, as they were before.
    this.addSql(`
      create table cleanup_run_change (
        run_id uuid not null references cleanup_run on delete cascade,
        tenant_id uuid not null,
        kind text not null check (kind in ('call', 'phone')),
        key text collate "C" not null,
        was text not null,
        became text not null,
        primary key (run_id, kind, key)
      )`);

    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    for (const table of ['pbx_link_step', 'cleanup_run_change']) {
      this.addSql(`grant select on ${table} to ${tenantRole}`);
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`create policy own_tenant on ${table} to ${tenantRole} using (tenant_id = ${isOwn})`);
    }
  }

  override down(): void {
    for (const table of ['cleanup_run_change', 'pbx_link_step']) this.addSql(`drop table ${table}`);
    for (const column of ['caller_number', 'callee_number']) {
      this.addSql(`drop index call_${column}`);
      this.addSql(`
        create index call_${column} on call (pbx_id, ${column} collate "C")
        where status = 'ended' and ${column} is not null`);
    }
    this.addSql('drop statistics call_phones_of_many');
    for (const index of ['1', '2', '3', 'many']) this.addSql(`drop index call_extension_${index}`);
  }
}
