import type { Principal } from '@trunkline/access';
import { addMessage, tellConversation } from '@trunkline/conversations';
import type { Database } from '@trunkline/database';
import type { Feed } from '@trunkline/feed';
import { ownerOf, parseTopic, type SendMessage } from '@trunkline/realtime-protocol';
import { monotonicNow, type Logger } from '@trunkline/service-kit';
import type { CommandAnswer } from '../session/session-host.ts';
import { mayHear } from '../session/may-hear.ts';
import { TokenBucket } from '../session/token-bucket.ts';
import { refusal } from './refusal.ts';

export interface MessagesOptions {
  readonly database: Pick<Database, 'transaction'>;
  readonly feed: Pick<Feed, 'deliver'>;
  readonly logger: Logger;
}

/** Of one user on this node: nobody types faster, and every message is rows and a write to many. */
const rate = { perSecond: 2, atOnce: 20 };
/** Users whose rate is known; the one heard of longest ago begins anew. */
const usersMax = 10_000;

/** Text may have lines, and nothing else that is no letter. */
const unwritable = /[^\P{Cc}\n\r\t]|\p{Cs}/u;

/**
 * Writes what users say into their conversations. It is committed before it is answered, and known by its name when it comes again, so
 * a node that dies costs nothing: no queue and no key of its own is needed beside the row. What could not be told any more, the
 * janitor of the outbox tells.
 */
export function createMessages({ database, feed, logger }: MessagesOptions) {
  const buckets = new Map<string, TokenBucket>();

  async function send(command: SendMessage, principal: Principal): Promise<CommandAnswer> {
    const objection = objectionTo(command, principal);
    if (objection !== null) return objection;
    const { conversation, message: id, text } = command;
    const { tenant, user } = principal;
    const owner = ownerOf(conversation, user) === 'self' ? user : null;
    const added = await database.transaction((transaction) =>
      addMessage(transaction, { tenant, conversation, owner, author: user, id, text }),
    );
    if (added.outcome === 'no tenant') return refusal('invalid', 'there is no such tenant');
    if (added.outcome === 'reused') return refusal('key_reused', 'this name was used for another message');
    if (added.outcome === 'added') void tell({ tenant, conversation });
    return { ok: true, result: { number: added.number } };
  }

  function objectionTo(
    { conversation, message, text }: SendMessage,
    principal: Principal,
  ): CommandAnswer | null {
    const topic = parseTopic(`conversation:${conversation}`);
    if (topic === null) return refusal('invalid', 'there can be no such conversation');
    if (!principal.scopes.has('conversations:write') || !mayHear(principal, topic))
      return refusal('not_allowed', 'the token does not allow writing into this conversation');
    if (unwritable.test(text) || unwritable.test(message) || text.trim() === '')
      return refusal('invalid', 'a message is text, and has no control characters but line breaks and tabs');
    return mayWriteNow(principal) ? null : refusal('too_many', 'too many messages; wait a moment');
  }

  function mayWriteNow({ tenant, user }: Principal): boolean {
    const name = `${tenant} ${user}`;
    const now = monotonicNow();
    const bucket = buckets.get(name) ?? new TokenBucket(rate, now);
    buckets.delete(name);
    buckets.set(name, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > usersMax && oldest !== undefined) buckets.delete(oldest);
    return bucket.take(now);
  }

  async function tell(name: Parameters<typeof tellConversation>[2]): Promise<void> {
    try {
      await tellConversation(database, (messages) => feed.deliver(messages), name);
    } catch (error) {
      logger.warn({ err: error }, 'a message is told later, by the janitor of the outbox');
    }
  }

  return { send };
}
