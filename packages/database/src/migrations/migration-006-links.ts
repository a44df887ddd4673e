import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

/**
 * Where a PBX is and how the link to it stands. The link has a row of its own, because a floor locks the PBX's row FOR
 * UPDATE for as long as its cleanup takes, and a slow cleanup must not cost a lease. For the same reason a wish for a
 * snapshot is a row of its own too: it is written in the transaction of a whole batch, which would hold the link's row.
 */
export class Migration006Links extends Migration {
  override up(): void {
    this.addSql(`
      alter table pbx
        add address text,
        add trust text not null default 'public',
        add credential text,
        add options jsonb not null default '{}',
        add enabled boolean not null default true,
        add removed_at timestamptz`);

    // Renewed every second by whoever holds it: space for the next version on the same page keeps these updates off the
    // index, and a vacuum that does not wait keeps the table small.
    this.addSql(`
      create table pbx_link (
        pbx_id uuid primary key references pbx on delete cascade,
        tenant_id uuid not null,
        epoch bigint not null default 0,
        lease_owner text,
        lease_expires_at timestamptz,
        handed_over_at timestamptz,
        state text not null default 'idle' check (state in ('idle', 'authenticating', 'connecting', 'subscribing',
          'synchronising', 'live', 'lost', 'waiting', 'blocked', 'refused')),
        reason text,
        since timestamptz not null default now(),
        next_attempt_at timestamptz,
        alarm text,
        open boolean not null default false,
        failures integer not null default 0,
        credential_failures integer not null default 0,
        credential_mark text,
        retry_wanted_at timestamptz,
        snapshot_at timestamptz,
        start_mark text,
        product text,
        warnings text[] not null default '{}',
        revision integer not null default 1,
        check ((lease_owner is null) = (lease_expires_at is null))
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);
    this.addSql('create index pbx_link_of_owner on pbx_link (lease_owner)');
    this.addSql(`
      insert into pbx_link (pbx_id, tenant_id, epoch)
      select id, tenant_id, epoch from pbx`);
    this.addSql(`
      create function add_pbx_link() returns trigger language plpgsql as $$ begin
        insert into pbx_link (pbx_id, tenant_id) values (new.id, new.tenant_id);
        return null;
      end $$`);
    this.addSql(`
      create trigger add_pbx_link after insert on pbx for each row execute function add_pbx_link()`);

    // The key refers to the link and not to the PBX, so that asking for a snapshot never waits for a floor.
    this.addSql(`
      create table snapshot_wish (
        pbx_id uuid primary key references pbx_link on delete cascade,
        wanted_at timestamptz not null default now(),
        because text not null
      )`);
    this.addSql(`
      insert into snapshot_wish (pbx_id, wanted_at, because)
      select id, snapshot_wanted_at, coalesce(snapshot_wanted_because, 'unknown') from pbx
      where snapshot_wanted_at is not null`);
    this.addSql(`
      alter table pbx
        drop epoch, drop lease_owner, drop lease_expires_at, drop snapshot_wanted_at, drop snapshot_wanted_because`);

    // A PBX blocks an address, whoever of us stands behind it.
    this.addSql(`
      create table pbx_block (
        pbx_id uuid not null references pbx on delete cascade,
        egress text not null,
        until timestamptz not null,
        reason text not null,
        set_at timestamptz not null default now(),
        primary key (pbx_id, egress)
      )`);

    this.addSql(`
      create table connector (
        id text primary key,
        name text not null,
        egress text not null,
        started_at timestamptz not null default now(),
        seen_at timestamptz not null default now()
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`);

    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    this.addSql(`grant select on pbx_link to ${tenantRole}`);
    this.addSql('alter table pbx_link enable row level security');
    this.addSql(`create policy own_tenant on pbx_link to ${tenantRole} using (tenant_id = ${isOwn})`);
  }

  override down(): void {
    this.addSql(`
      alter table pbx
        add epoch bigint not null default 0,
        add lease_owner text,
        add lease_expires_at timestamptz,
        add snapshot_wanted_at timestamptz,
        add snapshot_wanted_because text`);
    this.addSql('update pbx set epoch = pbx_link.epoch from pbx_link where pbx_link.pbx_id = pbx.id');
    this.addSql(`
      update pbx set snapshot_wanted_at = wanted_at, snapshot_wanted_because = because
      from snapshot_wish where snapshot_wish.pbx_id = pbx.id`);
    this.addSql('drop trigger add_pbx_link on pbx');
    this.addSql('drop function add_pbx_link');
    for (const table of ['connector', 'pbx_block', 'snapshot_wish', 'pbx_link'])
      this.addSql(`drop table ${table}`);
    this.addSql(`
      alter table pbx
        drop address, drop trust, drop credential, drop options, drop enabled, drop removed_at`);
  }
}
