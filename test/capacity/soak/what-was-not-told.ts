import type { Database } from '@trunkline/database';
import type { Told } from '../system/browsers.ts';
import type { Audience } from './audience.ts';

/** The last calls of each phone that are compared; fewer than a browser remembers, which is told of calls that leave its phone too. */
const callsCompared = 4;
const sentencesMax = 20;

interface LastCall {
  readonly phone: string;
  readonly call: string;
  readonly revision: number;
}

/** Of every browser: whether it lost its connection, missed the last word of a call of its phone, or had to begin anew. */
export async function whatWasNotTold(
  database: Database,
  audience: Audience,
  told: readonly Told[],
): Promise<string[]> {
  const last = Map.groupBy(await lastCalls(database), ({ phone }) => phone);
  const found = audience.flatMap(({ phone }, index) => {
    const heard = told[index];
    const who = `browser ${index + 1}${phone === null ? '' : ` at ${phone}`}`;
    if (heard === undefined) return [`${who} is not there`];
    const revisions = new Map(heard.calls);
    const missed = (phone === null ? [] : (last.get(phone) ?? [])).filter(
      ({ call, revision }) => revisions.get(call) !== revision,
    );
    return [
      ...(heard.isLive ? [] : [`${who} is not live`]),
      ...(heard.lost === 0 ? [] : [`${who} lost its connection ${heard.lost} times`]),
      ...(heard.resets === 0 ? [] : [`${who} had to begin anew ${heard.resets} times`]),
      ...missed.map(
        ({ call, revision }) =>
          `${who} was told revision ${revisions.get(call) ?? 'none'} of ${call}, which is at ${revision}`,
      ),
    ];
  });
  return found.length <= sentencesMax
    ? found
    : [...found.slice(0, sentencesMax), `and ${found.length - sentencesMax} more of browsers`];
}

function lastCalls(database: Database): Promise<LastCall[]> {
  return database.run((transaction) =>
    transaction.query<LastCall>(
      `select phone, call, revision::integer from (
         select phone, pbx_id || '/' || call_key as call, revision,
           row_number() over (partition by phone order by call.ended_at desc) as place
         from call, unnest(extensions) as phone where status = 'ended'
       ) as placed where place <= $1`,
      [callsCompared],
    ),
  );
}
