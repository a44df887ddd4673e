import type { CallKey, PbxId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

export interface CallName {
  readonly pbx: PbxId;
  readonly call: CallKey;
}

export interface CallParties extends CallName {
  readonly callerNumber: string | null;
  readonly calleeNumber: string | null;
}

/** Who takes part in these calls, of those that there are. */
export const readParties = (transaction: Transaction, calls: readonly CallName[]): Promise<CallParties[]> =>
  transaction.query<CallParties>(
    `select c.pbx_id as pbx, c.call_key as call, c.caller_number as "callerNumber", c.callee_number as "calleeNumber"
     from jsonb_to_recordset($1::jsonb) as wanted(pbx uuid, call text)
       join call c on c.pbx_id = wanted.pbx and c.call_key = wanted.call`,
    [JSON.stringify(calls)],
  );
