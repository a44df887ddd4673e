import { Migration } from '@mikro-orm/migrations';
import { firstTenantTables, tenantRole, tenantSetting } from '../tenant-role.ts';

export class Migration005TenantWall extends Migration {
  override up(): void {
    // Roles belong to the whole server: another database's migration may be creating this one at the same moment.
    this.addSql(`
      do $$ begin
        create role ${tenantRole} nologin noinherit;
      exception when duplicate_object or unique_violation then null;
      end $$`);
    this.addSql(`
      do $$ begin
        if not (select rolsuper from pg_roles where rolname = current_user) then
          execute format('grant ${tenantRole} to %I', current_user);
        end if;
      exception when unique_violation then null;
      end $$`);
    this.addSql(`grant usage on schema public to ${tenantRole}`);

    // A setting that is absent or empty is no tenant at all: the comparison with null shows no row.
    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    for (const table of firstTenantTables) {
      this.addSql(`grant select on ${table} to ${tenantRole}`);
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`create policy own_tenant on ${table} to ${tenantRole} using (tenant_id = ${isOwn})`);
    }
    this.addSql(`grant select on tenant to ${tenantRole}`);
    this.addSql('alter table tenant enable row level security');
    this.addSql(`create policy own_tenant on tenant to ${tenantRole} using (id = ${isOwn})`);
  }

  override down(): void {
    for (const table of [...firstTenantTables, 'tenant']) {
      this.addSql(`drop policy own_tenant on ${table}`);
      this.addSql(`alter table ${table} disable row level security`);
      this.addSql(`revoke all on ${table} from ${tenantRole}`);
    }
  }
}
