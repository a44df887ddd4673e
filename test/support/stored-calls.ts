import type { Database } from '@trunkline/database';
import type { Heard } from './ledger-differences.ts';

/** What the tables say of one PBX, to be compared with its ledger. */
export async function storedCalls(database: Database, pbx: string): Promise<Heard> {
  return database.run(async (transaction) => {
    const calls = await transaction.query(
      `select call_key as key, status, hangup_cause as cause, ${millis('started_at')} as "startedAt",
         ${millis('answered_at')} as "answeredAt", answered_approximate as "answeredApproximately",
         caller_number as caller, callee_number as callee, direction, extensions
       from call where pbx_id = $1`,
      [pbx],
    );
    const phones = await transaction.query('select number, status from extension where pbx_id = $1', [pbx]);
    return { calls, phones } as unknown as Heard;
  });
}

const millis = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
