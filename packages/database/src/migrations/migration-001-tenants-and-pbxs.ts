import { Migration } from '@mikro-orm/migrations';

export class Migration001TenantsAndPbxs extends Migration {
  override up(): void {
    this.addSql(`
      create table tenant (
        id uuid primary key,
        name text not null,
        created_at timestamptz not null default now()
      )`);

    // The lease and the epoch live in the row that batches lock. Batches take it FOR KEY SHARE, which an update of the
    // lease does not wait for; only a floor, which takes it FOR UPDATE, and a batch exclude each other.
    this.addSql(`
      create table pbx (
        id uuid primary key,
        tenant_id uuid not null references tenant,
        name text not null,
        vendor text not null,
        epoch bigint not null default 0,
        lease_owner text,
        lease_expires_at timestamptz,
        snapshot_wanted_at timestamptz,
        snapshot_wanted_because text,
        created_at timestamptz not null default now()
      )`);
    this.addSql('create index pbx_of_tenant on pbx (tenant_id)');

    this.addSql(`
      create table pbx_floor (
        pbx_id uuid not null references pbx,
        as_of bigint not null,
        said bigint not null,
        rank smallint not null,
        cause text not null check (cause in ('pbx_disconnected', 'pbx_restarted', 'reconciled')),
        at timestamptz not null,
        covers_extensions boolean not null,
        raised_at timestamptz not null default now(),
        primary key (pbx_id, as_of, said, rank, cause)
      )`);
  }

  override down(): void {
    this.addSql('drop table pbx_floor');
    this.addSql('drop table pbx');
    this.addSql('drop table tenant');
  }
}
