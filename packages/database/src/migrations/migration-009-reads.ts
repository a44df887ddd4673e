import { Migration } from '@mikro-orm/migrations';
import { tenantRole } from '../tenant-role.ts';

/**
 * What the reads need. Everything about history is indexed for ended calls only: a call is written several times while
 * it is open and each time every full index would have to be; the open ones are few and have an index of their own.
 */
export class Migration009Reads extends Migration {
  override up(): void {
    // Newest first within a PBX; a page over several PBXs takes the newest of each.
    this.addSql(`
      create index call_history on call (pbx_id, started_at desc, call_key desc) where status = 'ended'`);

    // Under row-level security an index serves only conditions that can't leak what they see, such as a comparison of
    // plain columns; reverse() is none of them, so the reversed number has to be a column.
    this.addSql(`
      alter table call
        add caller_reversed text collate "C" generated always as (reverse(caller_number)) stored,
        add callee_reversed text collate "C" generated always as (reverse(callee_number)) stored`);
    for (const column of ['caller_number', 'callee_number', 'caller_reversed', 'callee_reversed']) {
      this.addSql(`
        create index call_${column} on call (pbx_id, ${column} collate "C")
        where status = 'ended' and ${column} is not null`);
    }

    this.addSql('create index cleanup_run_newest on cleanup_run (started_at desc, id desc)');
    this.addSql('create index cleanup_run_of_tenant on cleanup_run (tenant_id, started_at desc, id desc)');
    this.addSql('create index cleanup_run_of_pbx on cleanup_run (pbx_id, started_at desc, id desc)');

    // What must be 0 once a lost link was cleaned up after. It is asked with the rights of whoever asks.
    this.addSql(`
      create view pbx_activity with (security_invoker = true) as
      select p.tenant_id, p.id as pbx_id, coalesce(l.open, false) as link_open,
        (select count(*) from extension e
         where e.pbx_id = p.id and e.status in ('ringing', 'incall', 'busy'))::integer as engaged_extensions,
        (select count(*) from call c where c.pbx_id = p.id and c.status <> 'ended')::integer as open_calls
      from pbx p left join pbx_link l on l.pbx_id = p.id`);
    this.addSql(`grant select on pbx_activity to ${tenantRole}`);
  }

  override down(): void {
    this.addSql('drop view pbx_activity');
    for (const index of ['cleanup_run_of_pbx', 'cleanup_run_of_tenant', 'cleanup_run_newest', 'call_history'])
      this.addSql(`drop index ${index}`);
    // Their indexes go with them.
    this.addSql('alter table call drop caller_reversed, drop callee_reversed');
    this.addSql('drop index call_caller_number');
    this.addSql('drop index call_callee_number');
  }
}
