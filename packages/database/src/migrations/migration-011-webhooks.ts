import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

/** Where tenants want to be told of changes, what they are told, and how that went. */
export class Migration011Webhooks extends Migration {
  override up(): void {
    this.addSql(`
      create table webhook_endpoint (
        id uuid primary key,
        tenant_id uuid not null references tenant,
        url text not null,
        description text,
        -- Which messages, and of which PBXs; null for all.
        types text[],
        pbx_ids uuid[],
        -- So many deliveries may be under way at once.
        parallel integer not null check (parallel > 0),
        state text not null default 'enabled' check (state in ('enabled', 'disabled')),
        state_reason text,
        state_since timestamptz not null default clock_timestamp(),
        -- Since the last success, or since it was enabled.
        failing_since timestamptz,
        failures integer not null default 0,
        last_success_at timestamptz,
        last_failure_at timestamptz,
        last_error text,
        -- What could not be told it since when, until that itself is told.
        gap_since timestamptz,
        gap_missed bigint not null default 0,
        created_at timestamptz not null default clock_timestamp(),
        revision integer not null default 1
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);
    this.addSql('create index webhook_endpoint_of_tenant on webhook_endpoint (tenant_id)');
    // Asked of every message on its way out of the outbox, so it holds only those that want any.
    this.addSql(`
      create index webhook_endpoint_enabled on webhook_endpoint (tenant_id) where state = 'enabled'`);

    // Apart from the endpoint, so that no tenant's role can read it, sealed as it is.
    this.addSql(`
      create table webhook_secret (
        id uuid primary key,
        endpoint_id uuid not null references webhook_endpoint on delete cascade,
        sealed text not null,
        created_at timestamptz not null default clock_timestamp(),
        expires_at timestamptz
      )`);
    this.addSql('create index webhook_secret_of_endpoint on webhook_secret (endpoint_id)');

    // Messages of the outbox that somebody wants, between their relay and their deliveries: moments. The id is theirs there.
    this.addSql(`
      create table webhook_message (
        id bigint primary key,
        tenant_id uuid not null,
        payload text not null,
        created_at timestamptz not null
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`);
    this.addSql('alter table webhook_message alter payload set storage external');
    this.addSql('create index webhook_message_of_tenant on webhook_message (tenant_id, id)');

    // waiting: for a place among those under way. out: handed out. retrying: has failed, tries again at next_attempt_at.
    this.addSql(`
      create table webhook_delivery (
        id uuid primary key,
        seq bigint generated always as identity,
        tenant_id uuid not null,
        endpoint_id uuid not null references webhook_endpoint on delete cascade,
        type text not null,
        body text not null,
        status text not null default 'waiting'
          check (status in ('waiting', 'out', 'retrying', 'delivered', 'failed', 'discarded')),
        -- Counts how often somebody wanted it delivered again; attempts are those of this round.
        round integer not null default 1,
        attempts integer not null default 0,
        created_at timestamptz not null default clock_timestamp(),
        next_attempt_at timestamptz,
        -- When somebody looks whether its job is still there.
        look_at timestamptz,
        finished_at timestamptz,
        http_status integer,
        error text,
        check ((status in ('delivered', 'failed', 'discarded')) = (finished_at is not null))
      ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000)`);
    this.addSql(`
      create index webhook_delivery_pending on webhook_delivery (endpoint_id, status, seq)
      where status in ('waiting', 'out', 'retrying')`);
    this.addSql(`
      create index webhook_delivery_look on webhook_delivery (look_at) where status in ('out', 'retrying')`);
    this.addSql(`
      create index webhook_delivery_finished on webhook_delivery (finished_at) where finished_at is not null`);
    this.addSql('create index webhook_delivery_of_endpoint on webhook_delivery (endpoint_id, seq desc)');
    this.addSql('create index webhook_delivery_of_tenant on webhook_delivery (tenant_id, seq desc)');

    this.addSql(`
      create table webhook_attempt (
        id bigint generated always as identity primary key,
        tenant_id uuid not null,
        delivery_id uuid not null references webhook_delivery on delete cascade,
        round integer not null,
        number integer not null,
        at timestamptz not null,
        duration_ms integer not null,
        outcome text not null check (outcome in ('delivered', 'failed')),
        http_status integer,
        error text,
        response text
      )`);
    this.addSql('create index webhook_attempt_of_delivery on webhook_attempt (delivery_id, id)');

    // What was done with endpoints, by whom and why. It stays when the endpoint is removed.
    this.addSql(`
      create table webhook_audit (
        id bigint generated always as identity primary key,
        tenant_id uuid not null,
        endpoint_id uuid not null,
        at timestamptz not null default clock_timestamp(),
        action text not null check (action in ('added', 'changed', 'secret_rotated', 'enabled', 'disabled', 'removed')),
        by text not null,
        detail text
      )`);
    this.addSql('create index webhook_audit_of_endpoint on webhook_audit (endpoint_id, id desc)');

    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    for (const table of ['webhook_endpoint', 'webhook_delivery', 'webhook_attempt', 'webhook_audit']) {
      this.addSql(`grant select on ${table} to ${tenantRole}`);
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`create policy own_tenant on ${table} to ${tenantRole} using (tenant_id = ${isOwn})`);
    }
  }

  override down(): void {
    for (const table of [
      'webhook_audit',
      'webhook_attempt',
      'webhook_delivery',
      'webhook_message',
      'webhook_secret',
      'webhook_endpoint',
    ])
      this.addSql(`drop table ${table}`);
  }
}
