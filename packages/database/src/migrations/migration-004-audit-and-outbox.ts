import { Migration } from '@mikro-orm/migrations';

export class Migration004AuditAndOutbox extends Migration {
  override up(): void {
    // One row for each event ever accepted. The month is that of the event, not of its arrival, so that the primary
    // key holds an event to one row wherever it falls. What no month's partition takes (a PBX whose clock is years
    // off) lands in the default partition: nothing is refused for its date.
    this.addSql(`
      create table call_event (
        tenant_id uuid not null,
        pbx_id uuid not null,
        subject text collate "C" not null,
        version bigint not null,
        at timestamptz not null,
        type text not null,
        payload text not null,
        traceparent text,
        primary key (pbx_id, subject, version, at)
      ) partition by range (at)`);
    this.addSql('create table call_event_default partition of call_event default');

    // No index but the key: rows are deleted by id moments after they are committed, and a janitor reads what is left.
    this.addSql(`
      create table outbox (
        id bigint generated always as identity primary key,
        tenant_id uuid not null,
        payload text not null,
        created_at timestamptz not null default now()
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`);
    // A message lives for milliseconds: compressing it would cost more than it saves.
    this.addSql('alter table outbox alter payload set storage external');
  }

  override down(): void {
    this.addSql('drop table outbox');
    this.addSql('drop table call_event');
  }
}
