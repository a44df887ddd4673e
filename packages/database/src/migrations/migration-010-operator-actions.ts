import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

/** Who did what by hand, and what a tenant may see of the entries that nobody could digest. */
export class Migration010OperatorActions extends Migration {
  override up(): void {
    // `begun` and nothing after it: whoever did it died meanwhile, so that it may have been done or not.
    this.addSql(`
      create table operator_action (
        id uuid primary key,
        tenant_id uuid not null,
        actor text not null,
        action text not null,
        target text,
        details text not null default '{}',
        outcome text not null default 'begun' check (outcome in ('begun', 'done', 'refused', 'failed', 'unknown')),
        problem text,
        traceparent text,
        at timestamptz not null default clock_timestamp(),
        finished_at timestamptz
      )`);
    this.addSql('create index operator_action_of_tenant on operator_action (tenant_id, at desc, id desc)');
    this.addSql('create index operator_action_by_age on operator_action (at)');
    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    this.addSql(`grant select on operator_action to ${tenantRole}`);
    this.addSql('alter table operator_action enable row level security');
    this.addSql(`create policy own_tenant on operator_action to ${tenantRole} using (tenant_id = ${isOwn})`);

    // A dead letter names a PBX and no tenant. The policy of pbx holds within this one, so that only those of the tenant's
    // own PBXs are seen, and those of PBXs that nobody knows are seen by no tenant.
    this.addSql(`grant select on dead_letter to ${tenantRole}`);
    this.addSql('alter table dead_letter enable row level security');
    this.addSql(`
      create policy own_pbx on dead_letter to ${tenantRole} using (source in (select p.id::text from pbx p))`);
  }

  override down(): void {
    this.addSql('drop policy own_pbx on dead_letter');
    this.addSql('alter table dead_letter disable row level security');
    this.addSql(`revoke all on dead_letter from ${tenantRole}`);
    this.addSql('drop table operator_action');
  }
}
