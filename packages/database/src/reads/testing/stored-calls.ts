import type { Transaction } from '../../transaction.ts';

/** A call as a test wants it to lie in the table; what is left out is of no interest to it. */
export interface StoredCall {
  readonly tenant: string;
  readonly pbx: string;
  readonly call: string;
  /** Seconds before now. */
  readonly startedAgo: number;
  readonly answeredAgo?: number;
  readonly status?: string;
  readonly cause?: string;
  readonly caller?: string;
  readonly callee?: string;
  readonly extensions?: readonly string[];
  readonly direction?: string;
}

export async function storeCall(transaction: Transaction, call: StoredCall): Promise<void> {
  const { status = 'ended', cause = 'normal', extensions = [] } = call;
  const ended = status === 'ended';
  await transaction.query(
    `insert into call (tenant_id, pbx_id, call_key, started_at, answered_at, word_as_of, word_said, word_rank, word_status,
       extensions, status, ended_at, hangup_cause, caller_number, callee_number, direction)
     values ($1, $2, $3, now() - $4::float8 * interval '1 second', now() - $5::float8 * interval '1 second', 1, 1, 0, $6,
       $7::text[], $6, case when $8::boolean then now() end, $9, $10, $11, $12)`,
    [
      call.tenant,
      call.pbx,
      call.call,
      call.startedAgo,
      call.answeredAgo ?? null,
      status,
      [...extensions],
      ended,
      ended ? cause : null,
      call.caller ?? null,
      call.callee ?? null,
      call.direction ?? null,
    ],
  );
}
