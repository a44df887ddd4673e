import { closeStuckCall, type Instant, type Liveness, type Suspicion } from '@trunkline/domain';
import { parametersOf, unnested } from '../columns.ts';
import { changesToPostings } from '../outbox/changes-to-postings.ts';
import { postOutbox, type OutboxMessage } from '../outbox/post-outbox.ts';
import type { Transaction } from '../transaction.ts';
import { lockPbxs } from '../writes/lock-pbxs.ts';
import { writeAudit } from '../writes/write-audit.ts';
import { saidCall, writeCalls } from '../writes/write-calls.ts';
import type { OpenCall } from './open-call.ts';
import { observed, placed } from './observed.ts';

/** Why we take a call for stuck. */
export type Reason = Suspicion | 'double_booked';

export interface Closing {
  readonly call: OpenCall;
  readonly why: Reason;
  /** What the PBX answered; null where it was not asked. */
  readonly liveness: Liveness | null;
}

export interface Closed {
  readonly closed: readonly Closing[];
  /** The PBX has spoken of them since they were looked at, or a floor has closed them: nothing was done with these. */
  readonly overtaken: readonly Closing[];
  /** To be relayed once the transaction has committed. */
  readonly messages: readonly OutboxMessage[];
}

/** By which the audit trail tells what we did from what PBXs said. */
export const sweepEndedType = 'sweep.ended';

/**
 * [STUCK4] Ends calls under the key that closes the very word that was observed, through the same merge as events: a
 * later word of the PBX wins whether it is here already or yet to come. Locks are taken in everybody's order; under them
 * only what is still open with that word is closed, so that doing it twice does nothing the second time.
 */
export async function closeCalls(transaction: Transaction, closings: readonly Closing[]): Promise<Closed> {
  if (closings.length === 0) return { closed: [], overtaken: [], messages: [] };
  await lockPbxs(transaction, [...new Set(closings.map(({ call }) => call.pbx))], 'for key share');
  const { at, open } = await lockOpen(transaction, closings);
  const closed = closings.filter(({ call }) => open.has(placed(call)));
  const overtaken = closings.filter(({ call }) => !open.has(placed(call)));
  const changes = await writeCalls(
    transaction,
    closed.map((closing) => closingWord(closing, at)).sort(byPlace),
  );
  await writeAudit(
    transaction,
    closed.map((closing) => auditOf(closing, at)),
  );
  const messages = await postOutbox(transaction, changesToPostings({ call_update: changes }));
  return { closed, overtaken, messages };
}

const locking = `
  with locked as (
    select c.pbx_id, c.call_key from ${unnested(observed)}
    join call c on c.pbx_id = said.pbx_id and c.call_key = said.call_key
    where c.status <> 'ended'
      and (c.word_as_of, c.word_said, c.word_rank) = (said.word_as_of, said.word_said, said.word_rank)
    order by c.pbx_id, c.call_key for update of c
  )
  select pbx_id as pbx, call_key as call from locked`;

async function lockOpen(
  transaction: Transaction,
  closings: readonly Closing[],
): Promise<{ at: Instant; open: ReadonlySet<string> }> {
  const calls = closings.map(({ call }) => call);
  const rows = await transaction.query<{ pbx: string; call: string }>(locking, parametersOf(observed, calls));
  const [clock] = await transaction.query<{ now: string }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
  );
  return { at: Number(clock?.now) as Instant, open: new Set(rows.map(placed)) };
}

function closingWord({ call }: Closing, at: Instant) {
  const { tenant, pbx, startedAt, status, extensions, word } = call;
  const known = { startedAt, lastWord: { key: word, status, extensions } };
  return saidCall(tenant, pbx, call.call, closeStuckCall(known, at), new Map());
}

const byPlace = (
  one: { readonly pbx: string; readonly key: string },
  other: { readonly pbx: string; readonly key: string },
): number => compare(one.pbx, other.pbx) || compare(one.key, other.key);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** It stands under the version that was observed; its own moment tells it from that event. */
function auditOf({ call, why, liveness }: Closing, at: Instant) {
  const { tenant, pbx, status, startedAt, answeredAt, word } = call;
  const payload = { call: call.call, at, why, liveness, was: status, startedAt, answeredAt };
  return {
    tenant,
    pbx,
    subject: call.call,
    version: word.said,
    at,
    type: sweepEndedType,
    payload: JSON.stringify(payload),
    traceparent: undefined,
  };
}
