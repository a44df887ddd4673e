import { Migration } from '@mikro-orm/migrations';

/** What a cleanup was about and how it ended, who keeps house when, and the trace that a message belongs to. */
export class Migration007Cleanup extends Migration {
  override up(): void {
    // A run of kind `disconnect` that is not finished waits for its grace period to pass.
    this.addSql(`
      alter table cleanup_run
        add cause text,
        add happened_at timestamptz,
        add due_at timestamptz,
        add spared boolean not null default false,
        add revision integer not null default 1`);
    this.addSql(`
      create index cleanup_run_due on cleanup_run (due_at)
      where kind = 'disconnect' and finished_at is null`);

    this.addSql('alter table outbox add traceparent text');

    this.addSql(`
      create table housekeeping (
        task text primary key,
        due_at timestamptz not null,
        claimed_by text,
        claimed_until timestamptz,
        finished_at timestamptz,
        problem text
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);
  }

  override down(): void {
    this.addSql('drop table housekeeping');
    this.addSql('alter table outbox drop traceparent');
    this.addSql('drop index cleanup_run_due');
    this.addSql(`
      alter table cleanup_run
        drop cause, drop happened_at, drop due_at, drop spared, drop revision`);
  }
}
