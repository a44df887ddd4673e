import { Migration } from '@mikro-orm/migrations';

/** When a PBX was last heard, whatever it said: told to operators with how its link stands. */
export class Migration016Heard extends Migration {
  override up(): void {
    this.addSql('alter table pbx_link add heard_at timestamptz');
  }

  override down(): void {
    this.addSql('alter table pbx_link drop heard_at');
  }
}
