import type { Database } from '../database.ts';
import type { OutboxMessage } from './post-outbox.ts';
import { takeOut } from './take-out.ts';

/**
 * Hands messages on, and returns when the receiver has them. It may be called with the same message more than once,
 * which does no harm: rows carry their revision.
 */
export type Deliver = (messages: readonly OutboxMessage[]) => Promise<void>;

/** Messages that a janitor takes at once; each is bounded by the batch that wrote it. */
const leftoversMax = 100;

/**
 * The way out of the outbox. The worker that committed messages relays them at once and deletes them by their ids.
 * What a crash between commit and delivery left behind, a janitor relays. It too works by ids and never by "everything
 * above the last one": ids are drawn before a transaction commits, so a late commit appears below them.
 */
export class OutboxRelay {
  readonly #database: Database;
  readonly #deliver: Deliver;

  constructor(database: Database, deliver: Deliver) {
    this.#database = database;
    this.#deliver = deliver;
  }

  async relay(messages: readonly OutboxMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#deliver(messages);
    const ids = messages.map(({ id }) => id);
    await this.#database.transaction((transaction) => takeOut(transaction, ids));
  }

  /**
   * Relays what has been lying for longer than a healthy worker takes. Locked rows are passed over: another janitor
   * has them. Returns how many it relayed, so that the caller goes on while there is more.
   */
  async relayLeftovers(olderThanMs: number): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const messages = await transaction.query<OutboxMessage>(
        `select id, tenant_id as tenant, payload, traceparent from outbox
         where created_at < now() - $1::float8 * interval '1 millisecond'
         order by id limit $2 for update skip locked`,
        [olderThanMs, leftoversMax],
      );
      if (messages.length === 0) return 0;
      await this.#deliver(messages);
      const ids = messages.map(({ id }) => id);
      await takeOut(transaction, ids);
      return messages.length;
    });
  }
}
