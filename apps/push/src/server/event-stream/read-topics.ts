import { limits, parseTopic, type ProblemKind } from '@trunkline/realtime-protocol';

export type ReadTopics =
  | { readonly ok: true; readonly topics: readonly string[] }
  | { readonly ok: false; readonly kind: ProblemKind; readonly problem: string };

/**
 * All topics of one stream together. The id of an event names them, and comes back in a header, beside the token and the
 * address, which must fit into what a server reads of a request.
 */
export const addressLettersMax = 2_048;

/** [SSE1] The topics that stand in an address. Nothing else is read of it, so that a token there is no token. */
export function readTopics(url: string, topicsMax: number): ReadTopics {
  const query = url.slice(url.indexOf('?') + 1 || url.length);
  const values = query.split('&').filter((part) => part.startsWith('topics='));
  const texts = values.flatMap((value) => value.slice('topics='.length).split(',')).filter(Boolean);
  if (texts.length === 0) return refused('malformed', 'name topics in the address: ?topics=calls,pbx');
  const topics = new Set<string>();
  for (const text of texts) {
    const topic = unescaped(text);
    if (topic === null) return refused('malformed', 'the topics are no percent-encoded text');
    if (topic.length > limits.topicLettersMax || parseTopic(topic) === null) {
      return refused('unknown_topic', `there is no topic ${JSON.stringify(topic.slice(0, 64))}`);
    }
    topics.add(topic);
  }
  if (topics.size > topicsMax) {
    return refused('too_many_subscriptions', `a stream may have ${topicsMax} topics`);
  }
  const letters = [...topics].reduce((sum, topic) => sum + Buffer.byteLength(topic), 0);
  if (letters > addressLettersMax) {
    const message = `the topics of a stream may have ${addressLettersMax} bytes together: open several streams`;
    return refused('too_many_subscriptions', message);
  }
  return { ok: true, topics: [...topics] };
}

const refused = (kind: ProblemKind, problem: string): ReadTopics => ({ ok: false, kind, problem });

/** A plus sign is a plus sign: phone numbers begin with one. */
function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
