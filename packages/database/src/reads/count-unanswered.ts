import type { CallPlace } from '../stuck-calls/index.ts';
import type { Transaction } from '../transaction.ts';

/**
 * How often in a row sweeps asked the PBX about each of these calls and got no answer, in their order. Runs keep what became of
 * single calls for some time only, so of a call that is older than that it is at least so often.
 */
export async function countUnanswered(
  transaction: Transaction,
  calls: readonly CallPlace[],
): Promise<number[]> {
  if (calls.length === 0) return [];
  const rows = await transaction.query<{ times: number }>(
    `select (
       select count(*) from cleanup_run_call u
       where u.pbx_id = asked.pbx and u.call_key = asked.call and u.outcome = 'unknown' and not exists (
         select from cleanup_run_call k
         where k.pbx_id = u.pbx_id and k.call_key = u.call_key and k.at > u.at and k.liveness in ('alive', 'gone')
       )
     )::int as times
     from unnest($1::uuid[], $2::text[]) with ordinality as asked (pbx, call, place) order by asked.place`,
    [calls.map(({ pbx }) => pbx), calls.map(({ call }) => call)],
  );
  return rows.map(({ times }) => times);
}
