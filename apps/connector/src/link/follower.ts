import { EventError } from '@trunkline/domain';
import type { LinkError, PbxConnection, Said, Word } from '@trunkline/pbx';
import { sleep, type Logger } from '@trunkline/service-kit';
import { SnapshotKeeper, type SnapshotKeeperOptions } from '../snapshots/snapshot-keeper.ts';
import type { LinkVoice } from '../words/link-voice.ts';
import type { UnreadableWords } from '../words/unreadable-words.ts';
import type { LinkHost } from './link-host.ts';

export interface FollowerOptions {
  readonly host: LinkHost;
  readonly connection: PbxConnection;
  readonly voice: LinkVoice;
  readonly unreadable: UnreadableWords;
  readonly logger: Logger;
  /** When the PBX was last heard before this connection (ms since 1970); null where it never was. */
  readonly heardUntil: number | null;
  readonly onEnded: (error: LinkError) => void;
  readonly onSnapshot: SnapshotKeeperOptions['onPublished'];
  readonly onSnapshotFailed: SnapshotKeeperOptions['onFailed'];
}

/** Some PBXs keep records of calls, from which can be told what was said while nobody listened. */
interface CatchingUp {
  catchUp?(since: number, signal: AbortSignal): Promise<readonly Said[]>;
}

/** How long the last words of a link may take to be read after it ended. */
const lastWordsMs = 1_000;

/** Reads one connection until it ends: words as they come, snapshots beside them, and its end after its last word. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #stopping = new AbortController();
  readonly snapshots: SnapshotKeeper;
  #caughtUp = false;
  #babbledAt = Number.NEGATIVE_INFINITY;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { host, connection, voice, logger, onSnapshotFailed } = options;
    this.snapshots = new SnapshotKeeper({
      connection,
      voice,
      timing: { ...host.snapshots, snapshotMs: host.timing.snapshotMs },
      wallNow: host.wallNow,
      random: host.random,
      logger,
      onPublished: (counts, tookMs) => this.#published(counts, tookMs),
      onFailed: onSnapshotFailed,
    });
  }

  begin(): void {
    const { connection, onEnded } = this.#options;
    const reading = this.#readWords();
    void this.snapshots.run();
    void connection.ended.then(async (error) => {
      await Promise.race([reading, sleep(lastWordsMs, this.#stopping.signal).catch(() => undefined)]);
      if (!this.#stopping.signal.aborted) onEnded(error);
      this.stop();
    });
  }

  /** Nothing of this connection is said any more. */
  stop(): void {
    this.#stopping.abort(new Error('the link ended'));
    this.snapshots.stop();
  }

  async #readWords(): Promise<void> {
    try {
      for await (const word of this.#options.connection.words()) {
        if (this.#stopping.signal.aborted) return;
        this.#hear(word);
      }
    } catch (error) {
      this.#options.logger.error(
        { err: error },
        'the words of the PBX broke off; its adapter should not do that',
      );
    }
  }

  #hear(word: Word): void {
    if (word.kind === 'unreadable') return this.#setAside(null, word.raw, word.problem);
    try {
      void this.#options.voice.say(word.type, word.payload);
    } catch (error) {
      if (!(error instanceof EventError)) throw error;
      this.#setAside(word.type, JSON.stringify(word.payload), error.message);
    }
  }

  #setAside(type: string | null, raw: string, problem: string): void {
    const { host, unreadable, logger } = this.#options;
    host.events.unreadable();
    unreadable.add({ type, raw, problem });
    const now = host.now();
    if (now - this.#babbledAt < host.bounds.babbleMs) return;
    this.#babbledAt = now;
    logger.warn({ problem }, 'the PBX said something that can not be read; it is set aside');
    this.snapshots.wish('a word could not be read');
  }

  #published(counts: Parameters<FollowerOptions['onSnapshot']>[0], tookMs: number): void {
    this.#options.onSnapshot(counts, tookMs);
    if (this.#caughtUp) return;
    this.#caughtUp = true;
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const { connection, heardUntil, logger } = this.#options;
    const records: CatchingUp = connection as CatchingUp;
    if (heardUntil === null || records.catchUp === undefined) return;
    try {
      const words = await records.catchUp(heardUntil, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      for (const word of words) this.#hear(word);
      logger.info(`caught up: ${words.length} words from the PBX's records`);
    } catch (error) {
      // The snapshot has made the state right; what is missing are details of calls that are over.
      logger.warn({ err: error }, "the PBX's records of the time without a link could not be read");
    }
  }
}
