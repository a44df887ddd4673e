import { LinkError } from '../port/fault.ts';
import { placeOf } from '../transport/endpoint.ts';
import { linkErrorOf, OK, TOKEN_EXPIRED } from './api-faults.ts';
import type { ApiSite } from './call-api.ts';

/** Registration, phone, presence, call, record, transfer, forwarding, failure, incoming request, changed extensions. */
const topics = [30007, 30008, 30009, 30011, 30012, 30013, 30014, 30015, 30016, 30022];
/** Known since the first firmware that has events. Calls and phones can be told by these alone. */
const oldestTopics = [30007, 30008, 30011, 30012];

interface Subscriber {
  ask(frame: string): Promise<{ readonly errcode: number; readonly errmsg: string }>;
}

/**
 * What an old firmware does with a topic that it doesn't know is not documented, so a refusal is answered with the
 * oldest topics once. Resolves with what a person should know.
 */
export async function subscribe(connection: Subscriber, site: ApiSite): Promise<string[]> {
  const first = await connection.ask(frameOf(topics));
  if (first.errcode === OK) return [];
  const second = await connection.ask(frameOf(oldestTopics));
  if (second.errcode === OK)
    return [
      `The PBX takes only the oldest events (${first.errcode}): no presence, and failures show late. Update its firmware.`,
    ];
  throw refusal(site, second);
}

const frameOf = (topicList: readonly number[]): string => JSON.stringify({ topic_list: topicList });

function refusal(site: ApiSite, { errcode, errmsg }: { errcode: number; errmsg: string }): LinkError {
  const answer = { errcode, errmsg, fields: {} };
  const known = errcode === TOKEN_EXPIRED ? null : linkErrorOf(site, 'subscribe', answer);
  if (known !== null) return known;
  const where = placeOf(site.endpoint);
  // A token that ended between the upgrade and the subscription is renewed with the next attempt.
  if (errcode === TOKEN_EXPIRED)
    return new LinkError({ kind: 'starting' }, `${where} says that the token ended just now.`);
  return new LinkError(
    { kind: 'protocol' },
    `${where} refuses the subscription to its events with ${errcode}. Check that events are switched on in its API.`,
  );
}
