import type { LinkRecord } from '@trunkline/database';
import type { PbxConnection } from '@trunkline/pbx';
import { withDeadline, type Logger } from '@trunkline/service-kit';
import type { HeldLease } from '../lease/held-lease.ts';
import type { LinkVoice } from '../words/link-voice.ts';
import type { LinkHost } from './link-host.ts';
import { LinkRecordKeeper } from './link-record-keeper.ts';
import type { Link, LinkEffect } from './link.ts';

export interface Announced {
  readonly link: Link;
  readonly connection: PbxConnection | null;
  readonly startMark: string | null;
}

/**
 * Tells how a link stands: to those who read the stream, and in its row. The two are bound together so that whoever
 * follows after a crash never leaves a disconnect unsaid: the row says `open` before the stream says connected, and
 * closed only after the stream says disconnected. To say a disconnect once more does no harm.
 */
export class LinkAnnouncements {
  readonly #host: LinkHost;
  readonly #lease: HeldLease;
  readonly #voice: LinkVoice;
  readonly #record: LinkRecordKeeper;
  readonly #logger: Logger;
  readonly #look: () => Announced;
  /** Disconnects on their way to the stream. */
  #unwritten: Promise<unknown>[] = [];

  constructor(host: LinkHost, lease: HeldLease, voice: LinkVoice, logger: Logger, look: () => Announced) {
    const { database, relay, bounds } = host;
    this.#host = host;
    this.#lease = lease;
    this.#voice = voice;
    this.#logger = logger;
    this.#look = look;
    this.#record = new LinkRecordKeeper({ database, lease, relay, logger, retryMs: bounds.storeRetryMs });
  }

  /** Stores how the link stands now. */
  save(): void {
    if (this.#lease.isLost) return;
    const announced = this.#look();
    this.#record.write(() => this.#describe(announced));
  }

  async sayConnected(hurry: AbortSignal): Promise<void> {
    this.save();
    await this.#record.stored(hurry);
    void this.#voice.say('link.connected', { at: this.#host.wallNow() });
    this.#logger.info('published link.connected');
  }

  sayDisconnected({ reason, cause }: Extract<LinkEffect, { type: 'sayDisconnected' }>): void {
    const said = this.#voice.say('link.disconnected', { at: this.#host.wallNow(), reason, cause });
    this.#logger.info(`published link.disconnected (${cause})`);
    const unwritten = said.then(({ written }) => {
      if (!written) return;
      this.#unwritten = this.#unwritten.filter((each) => each !== unwritten);
      this.save();
    });
    this.#unwritten.push(unwritten);
    this.save();
  }

  /** Waits for what was said last, in the stream and in the row, each for a bounded time. */
  async settled(): Promise<void> {
    const { lastWordsMs } = this.#host.bounds;
    await withDeadline(Promise.all(this.#unwritten), lastWordsMs, 'writing the last words').catch(() =>
      this.#logger.warn(
        'the last words of the link are not in the stream yet; whoever follows says them again',
      ),
    );
    this.save();
    await this.#record.stored(AbortSignal.timeout(lastWordsMs));
  }

  stop(): void {
    this.#record.stop();
  }

  #describe({ link, connection, startMark }: Announced): LinkRecord {
    const { phase, reason, alarm, open, failures } = link;
    const until = phase.name === 'waiting' || phase.name === 'blocked' ? phase.until : null;
    return {
      state: phase.name,
      reason,
      nextAttemptInMs: until === null ? null : Math.max(0, until - this.#host.now()),
      alarm,
      open: open || this.#unwritten.length > 0,
      failures,
      startMark,
      product: connection?.identity.product ?? null,
      warnings: connection?.identity.warnings ?? [],
    };
  }
}
