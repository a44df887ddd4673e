import type { Database } from '@trunkline/database';
import { sleep } from '@trunkline/service-kit';

/** Further back than any limit of a sweep, and much longer than a storm. */
const age = `interval '2 hours'`;
const isYoung = (column: string): string => `${column} > clock_timestamp() - interval '1 hour'`;
const times = ['started_at', 'answered_at', 'verified_at'] as const;
const youngOnes = times.map((column) => `(${isYoung(column)})`).join(' or ');
const moved = (condition: (column: string) => string, by: string): string =>
  times
    .map((column) => `${column} = case when ${condition(column)} then ${column} ${by} else ${column} end`)
    .join(', ');

/** In the order in which workers lock them. */
const openOnes = `select pbx_id, call_key from call where status <> 'ended' and (${youngOnes})
  order by pbx_id, call_key for update`;

const aging = `with found as materialized (${openOnes})
  update call c set ${moved(isYoung, `- ${age}`)} from found f
  where c.pbx_id = f.pbx_id and c.call_key = f.call_key`;

const rejuvenating = `update call set ${moved((column) => `not (${isYoung(column)})`, `+ ${age}`)}`;

const EVERY_MS = 700;

/**
 * No storm lasts until a call counts as stuck, so its open calls are made old: sweeps ask about all of them, and would end
 * every live one if they erred.
 */
export class Aging implements AsyncDisposable {
  readonly #database: Database;
  readonly #stop = new AbortController();
  readonly #going: Promise<void>;

  constructor(database: Database) {
    this.#database = database;
    this.#going = this.#go();
  }

  async once(): Promise<void> {
    await this.#database.run((transaction) => transaction.query(aging));
  }

  /** Ends it and gives all calls their own times back. */
  async undo(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#database.run((transaction) => transaction.query(rejuvenating));
  }

  async #go(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      // The database may be away; then nobody sweeps either.
      await this.once().catch(() => undefined);
      await sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#going;
  }
}
