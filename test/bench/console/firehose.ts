import { createFeed } from '@trunkline/feed';
import { createLogger, createRedisConnections, sleep } from '@trunkline/service-kit';

export interface Row extends Readonly<Record<string, unknown>> {
  readonly pbx: string;
  readonly extension: string;
  readonly status: string;
  readonly revision: number;
}

interface Place {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly tenant: string;
}

/** Everything but `offline`, which phones become by themselves only. */
const states = ['online', 'ringing', 'incall', 'busy'] as const;

/** Workers commit many events at once, and the outbox tells what one transaction changed in one message. */
const messagesPerSecond = 50;
const watchedPerSecond = 5;

/**
 * Changes of phones as the relay of the outbox tells them, at a steady rate and without the database. What it has told of
 * each phone last is what a screen must show in the end.
 */
export class Firehose implements AsyncDisposable {
  readonly told = new Map<string, Row>();
  readonly #rows: readonly Row[];
  readonly #tenant: string;
  readonly #redis: ReturnType<typeof createRedisConnections>;
  readonly #feed: ReturnType<typeof createFeed>;
  #messages = 0;

  constructor(rows: readonly Row[], { redisUrl, prefix, tenant }: Place) {
    const logger = createLogger({ name: 'bench', level: 'silent', redactPhoneNumbers: false });
    this.#rows = rows;
    this.#tenant = tenant;
    this.#redis = createRedisConnections({ url: redisUrl, logger, name: 'firehose' });
    this.#feed = createFeed({ redis: this.#redis, prefix });
    for (const row of rows) this.told.set(row.extension, row);
  }

  /** Tells so many changes a second for so long, and gives how many it has told. */
  async run(perSecond: number, seconds: number): Promise<number> {
    await this.#feed.ready();
    const atOnce = Math.max(1, Math.round(perSecond / messagesPerSecond));
    const count = Math.round((perSecond * seconds) / atOnce);
    const watchedEvery = Math.max(2, Math.round(perSecond / watchedPerSecond));
    const startedAt = performance.now();
    let next = 0;
    for (let message = 0; message < count; message += 1) {
      const early = startedAt + (message * 1_000 * atOnce) / perSecond - performance.now();
      if (early > 1) await sleep(early);
      const changed = Array.from({ length: atOnce }, () => {
        // The first phone is watched, and changes so rarely that each change is seen; the others take turns, far from each other.
        next += 1;
        return this.#change(next % watchedEvery === 0 ? 0 : (next * 1_009) % this.#rows.length);
      });
      await this.#deliver([...new Map(changed.map((row) => [row.extension, row])).values()]);
    }
    return count * atOnce;
  }

  #change(index: number): Row {
    const { extension = '' } = this.#rows[index] ?? {};
    const before = this.told.get(extension);
    if (before === undefined) throw new RangeError('there is no phone to tell of');
    const at = states.indexOf(before.status as (typeof states)[number]);
    const row = {
      ...before,
      status: states[(at + 1) % states.length] ?? 'online',
      lastSeenAt: new Date().toISOString(),
      revision: before.revision + 1,
    };
    this.told.set(extension, row);
    return row;
  }

  async #deliver(rows: readonly Row[]): Promise<void> {
    const payload = JSON.stringify({ extension_update: rows });
    const id = `bench-${(this.#messages += 1)}`;
    await this.#feed.deliver([{ tenant: this.#tenant, id, payload, traceparent: null }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feed.close();
    await this.#redis.closeAll();
  }
}
