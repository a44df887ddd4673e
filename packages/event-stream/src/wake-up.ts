import type { Logger } from '@trunkline/service-kit';
import type { EntryId } from './entry-id.ts';
import { messageOf } from './failure.ts';
import type { RedisOpener } from './ports.ts';
import { RedisLink } from './redis-link.ts';
import type { StreamKeys } from './stream-keys.ts';
import { pause } from './waiting.ts';

/** What the answer to a blocking read may be late before the connection counts as half-open. */
const MARGIN_MS = 1_000;
const PAUSE_AFTER_FAILURE_MS = 250;

/**
 * Waits for entries of one shard on a connection of its own: a blocking read freezes all else on it, and on a cluster
 * each stream may live on another node. Redis answers at the latest after `blockMs`, which is also the slow poll, for then the
 * shard looks around anyway; a link that stays silent for longer is replaced.
 */
export class WakeUp {
  readonly #link: RedisLink;
  readonly #key: string;
  readonly #blockMs: number;
  readonly #log: Logger;

  constructor(opener: RedisOpener, keys: StreamKeys, shard: number, blockMs: number, log: Logger) {
    this.#link = new RedisLink(opener, 'blocking reader', blockMs + MARGIN_MS, { blockMsMax: blockMs });
    this.#key = keys.events(shard);
    this.#blockMs = blockMs;
    this.#log = log;
  }

  /** True when there is an entry after `after`; false when it is time to look around anyway. Never throws. */
  async wait(after: EntryId, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    try {
      const reply = await this.#link.run('a blocking read', (connection) =>
        connection.xread('COUNT', 1, 'BLOCK', this.#blockMs, 'STREAMS', this.#key, after),
      );
      return reply !== null;
    } catch (error) {
      if (signal.aborted) return false;
      this.#log.debug(
        { key: this.#key, problem: messageOf(error) },
        'waiting for entries failed, looking meanwhile',
      );
      await pause(PAUSE_AFTER_FAILURE_MS, signal);
      return false;
    }
  }

  open(): void {
    this.#link.open();
  }

  /** Ends a wait in progress as well. */
  close(): void {
    this.#link.close();
  }
}
