import { storeLink, type Database, type LinkRecord } from '@trunkline/database';
import type { Deliver, OutboxMessage } from '@trunkline/database';
import { sleep, type Logger } from '@trunkline/service-kit';
import type { HeldLease } from '../lease/held-lease.ts';

export interface LinkRecordKeeperOptions {
  readonly database: Pick<Database, 'run'>;
  readonly lease: HeldLease;
  readonly relay: Deliver;
  readonly logger: Logger;
  readonly retryMs: number;
}

/**
 * Brings how a link stands into the database, the latest only: states that nobody could store in time are of no
 * interest any more. Tries for as long as the lease is ours.
 */
export class LinkRecordKeeper {
  readonly #options: LinkRecordKeeperOptions;
  readonly #stopping = new AbortController();
  #wanted: (() => LinkRecord) | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: LinkRecordKeeperOptions) {
    this.#options = options;
  }

  /** `build` is called when it is written, since a record tells durations from then on. */
  write(build: () => LinkRecord): void {
    this.#wanted = build;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all that was asked for is stored, the lease is lost, or `signal` aborts. */
  async stored(signal: AbortSignal): Promise<void> {
    const given = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => given.resolve(), { once: true });
    if (signal.aborted) return;
    await Promise.race([this.#settled(), given.promise]);
  }

  stop(): void {
    this.#stopping.abort(new Error('the lease was given up'));
  }

  async #settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    const { lease, logger, retryMs } = this.#options;
    // What is asked for in one go is written once; and nobody looks at `#writing` before it is set.
    await Promise.resolve();
    for (let build = this.#take(); build !== null; build = this.#take()) {
      try {
        await this.#store(build);
      } catch (error) {
        logger.warn({ err: error }, 'how the link stands could not be stored, trying again');
        this.#wanted ??= build;
        await sleep(retryMs, this.#stopping.signal).catch(() => undefined);
      }
      if (lease.isLost || this.#stopping.signal.aborted) break;
    }
    this.#writing = null;
  }

  async #store(build: () => LinkRecord): Promise<void> {
    const { database, lease, relay, logger } = this.#options;
    const messages = await database.run((transaction) => storeLink(transaction, lease, build()));
    if (messages === null || messages.length === 0) return;
    // The janitor of the outbox relays what is not relayed here.
    void relayQuietly(relay, messages, logger);
  }

  #take(): (() => LinkRecord) | null {
    const build = this.#wanted;
    this.#wanted = null;
    return build;
  }
}

async function relayQuietly(
  relay: Deliver,
  messages: readonly OutboxMessage[],
  logger: Logger,
): Promise<void> {
  try {
    await relay(messages);
  } catch (error) {
    logger.debug({ err: error }, 'a message about a link stays in the outbox for the janitor');
  }
}
