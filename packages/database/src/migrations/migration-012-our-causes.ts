import { ownCauses } from '@trunkline/domain';
import { Migration } from '@mikro-orm/migrations';

/**
 * Operators look for the few calls that Trunkline closed itself, among all that PBXs did. What PBXs say ended a call is so
 * common that walking the history finds a page of it at once, and gets no index.
 */
export class Migration012OurCauses extends Migration {
  override up(): void {
    const ours = ownCauses.map((cause) => `'${cause}'`).join(', ');
    this.addSql(`
      create index call_of_our_cause on call (pbx_id, hangup_cause, started_at desc, call_key desc)
      where status = 'ended' and hangup_cause in (${ours})`);
  }

  override down(): void {
    this.addSql('drop index call_of_our_cause');
  }
}
