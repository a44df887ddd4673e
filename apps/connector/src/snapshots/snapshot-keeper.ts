import type { PbxConnection } from '@trunkline/pbx';
import type { Logger, Random } from '@trunkline/service-kit';
import { sleep, withDeadline } from '@trunkline/service-kit';
import type { LinkVoice } from '../words/link-voice.ts';

export interface SnapshotTiming {
  readonly everyMs: number;
  readonly retryMs: number;
  readonly retryMsMax: number;
  /** The least time between snapshots that somebody wished for. */
  readonly gapMs: number;
  /** The longest that one may take. */
  readonly snapshotMs: number;
}

export interface SnapshotCounts {
  readonly calls: number;
  readonly extensions: number | null;
}

export interface SnapshotKeeperOptions {
  readonly connection: Pick<PbxConnection, 'snapshot'>;
  readonly voice: LinkVoice;
  readonly timing: SnapshotTiming;
  readonly wallNow: () => number;
  readonly random: Random;
  readonly logger: Logger;
  readonly onPublished: (counts: SnapshotCounts, tookMs: number) => void;
  /** Returns how long to wait before the next try, where the fault asks for more than the usual; Infinity: for ever. */
  readonly onFailed: (error: Error) => Promise<number>;
}

interface Asked {
  readonly resolve: (counts: SnapshotCounts) => void;
  readonly reject: (error: Error) => void;
}

/** Requests by commands that wait for the same next snapshot. */
const askedMax = 100;

/** A fifth more or less, so that PBXs connected together are not asked together for ever. */
const spread = 0.2;

/**
 * Snapshots of one connection, one at a time: the first at once, then from time to time and whenever somebody has a
 * reason. Each says of which state it speaks: that after the last word published before it was asked for. A snapshot
 * that fails is tried again and never published in part; one that was under way when the link broke is thrown away.
 */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  readonly #stopping = new AbortController();
  #asked: Asked[] = [];
  #wishes: string[] = [];
  #wake: () => void = () => undefined;
  #hurry: () => void = () => undefined;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** Runs until it is stopped. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      const asked = this.#asked.splice(0);
      this.#wishes = [];
      const outcome = await this.#take(asked);
      if (signal.aborted) break;
      failures = outcome === 'published' ? 0 : failures + 1;
      if (outcome === 'published') await this.#untilNext();
      else await this.#untilRetry(outcome, failures);
    }
    for (const { reject } of this.#asked.splice(0))
      reject(new Error('the link ended before a snapshot was taken'));
  }

  stop(): void {
    this.#stopping.abort(new Error('the link ended'));
    this.#wake();
  }

  /** Somebody has a reason to take one soon; many reasons are one. */
  wish(because: string): void {
    this.#wishes.push(because);
    this.#wake();
  }

  /** Somebody has done something that may have helped: a failed one is tried again now. */
  hurry(): void {
    this.#hurry();
  }

  /** Takes one now, or next, and tells what it held. */
  ask(signal: AbortSignal): Promise<SnapshotCounts> {
    if (this.#asked.length >= askedMax)
      return Promise.reject(new Error('too many ask for a snapshot at once'));
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      signal.addEventListener('abort', () => reject(new Error('there was no snapshot in time')), {
        once: true,
      });
      this.#wake();
    });
  }

  /** Published, or the least wait before the next try. */
  async #take(asked: readonly Asked[]): Promise<'published' | number> {
    const { connection, voice, wallNow, onPublished, onFailed, timing } = this.#options;
    const { signal } = this.#stopping;
    const asOf = voice.place;
    const begun = performance.now();
    const giveUp = AbortSignal.any([signal, AbortSignal.timeout(timing.snapshotMs)]);
    try {
      const taking = connection.snapshot(giveUp);
      const { calls, extensions } = await withDeadline(taking, timing.snapshotMs + graceMs, 'the snapshot');
      if (signal.aborted) throw new Error('the link ended while the snapshot was taken');
      const said = voice.say('link.snapshot', {
        at: wallNow(),
        asOf,
        calls,
        ...(extensions !== undefined && { extensions }),
      });
      const counts = { calls: calls.length, extensions: extensions?.length ?? null };
      onPublished(counts, performance.now() - begun);
      for (const { resolve } of asked) resolve(counts);
      return await this.#judge(said);
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of asked) reject(problem);
      return signal.aborted ? 0 : onFailed(problem);
    }
  }

  /** What is too large can't be published however often it is tried; what was dropped for want of room is wished anew. */
  async #judge(said: ReturnType<LinkVoice['say']>): Promise<'published' | number> {
    const settled = await Promise.race([said, Promise.resolve(null)]);
    if (settled?.written === false && settled.reason === 'too-large')
      return this.#options.onFailed(new Error('the snapshot is too large to be published'));
    return 'published';
  }

  async #untilNext(): Promise<void> {
    const { timing, random, logger } = this.#options;
    const nextMs = timing.everyMs * (1 + spread * (2 * random() - 1));
    const gap = this.#sleep(Math.min(timing.gapMs, nextMs));
    // Within the gap only whoever waits for an answer gets one.
    while (this.#asked.length === 0 && !this.#stopping.signal.aborted) {
      const woken = await Promise.race([gap, this.#woken()]);
      if (woken === 'slept') break;
    }
    if (this.#asked.length > 0 || this.#stopping.signal.aborted) return;
    if (this.#wishes.length === 0)
      await Promise.race([this.#sleep(Math.max(0, nextMs - timing.gapMs)), this.#woken()]);
    if (this.#wishes.length > 0)
      logger.info(`taking a snapshot because of: ${this.#wishes.slice(0, 3).join(', ')}`);
  }

  async #untilRetry(leastMs: number, failures: number): Promise<void> {
    const { retryMs, retryMsMax } = this.#options.timing;
    const usualMs = Math.min(retryMsMax, retryMs * 2 ** (failures - 1));
    const delayMs = Math.max(leastMs, usualMs);
    this.#options.logger.info(
      Number.isFinite(delayMs)
        ? `next snapshot in ${Math.round(delayMs / 100) / 10} s`
        : 'no snapshot is taken until somebody asks for another try',
    );
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    await Promise.race([this.#sleep(Math.min(delayMs, foreverMs)), hurried]);
  }

  #woken(): Promise<'woken'> {
    return new Promise((resolve) => {
      this.#wake = () => resolve('woken');
    });
  }

  #sleep(ms: number): Promise<'slept'> {
    return sleep(ms, this.#stopping.signal).then(
      () => 'slept',
      () => 'slept',
    );
  }
}

/** An adapter that does not listen to its signal gets this much longer. */
const graceMs = 1_000;

/** Longer than any link lasts between two starts of its process, and within what timers can do. */
const foreverMs = 24 * 24 * 3600 * 1000;
