import { currentTraceparent, withDeadline } from '@trunkline/service-kit';
import type { Logger, Metrics } from '@trunkline/service-kit';
import { encodeHeader, HEADER_FIELD, PAYLOAD_FIELD, problemOfHead } from './entry.ts';
import { messageOf } from './failure.ts';
import type { PayloadCodec, RedisOpener } from './ports.ts';
import { PublishQueue } from './publish-queue.ts';
import type { DropReason, Loss, PublishOutcome, QueuedEvent } from './publish-queue.ts';
import { RedisLink } from './redis-link.ts';
import { createStreamKeys, shardOf } from './stream-keys.ts';
import type { StreamKeys } from './stream-keys.ts';
import { publisherMetrics } from './stream-metrics.ts';
import type { PublisherMetrics } from './stream-metrics.ts';
import { fullJitter, pause } from './waiting.ts';

export interface PublisherOptions<Payload> {
  readonly prefix: string;
  readonly shards: number;
  readonly redis: RedisOpener;
  readonly codec: PayloadCodec<Payload>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /**
   * A run of a source's events was dropped and the source is taken again: take a snapshot of it now. Called once for
   * each run, never from within `publish`.
   */
  onLoss(loss: Loss): void;
  readonly tuning?: Partial<PublisherTuning>;
}

export interface PublisherTuning {
  readonly queueEntriesMax: number;
  readonly queueBytesMax: number;
  /** A larger payload is dropped by itself and reported like any loss. */
  readonly payloadBytesMax: number;
  readonly pipelineEntriesMax: number;
  readonly writeTimeoutMs: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  readonly stopTimeoutMs: number;
  /** A stream longer than this loses its oldest entries while no worker is there to trim it; null: never. */
  readonly streamEntriesMax: number | null;
}

export const PUBLISHER_TUNING: PublisherTuning = {
  queueEntriesMax: 50_000,
  queueBytesMax: 64 * 1024 * 1024,
  payloadBytesMax: 8 * 1024 * 1024,
  pipelineEntriesMax: 500,
  writeTimeoutMs: 5_000,
  backoffBaseMs: 50,
  backoffMaxMs: 2_000,
  stopTimeoutMs: 5_000,
  streamEntriesMax: null,
};

export interface PublishedEvent<Payload> {
  /** Whose event it is; all events of a source lie in one stream, in the order in which they were published. */
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
  readonly payload: Payload;
  /** The active span's where it is left out. */
  readonly traceparent?: string | undefined;
}

export interface Publisher<Payload> {
  /**
   * Queues an event. Resolves when it is written, or dropped; never rejects. Throws at once where the event could never
   * be read again (an id with a space, a seq of 0).
   */
  publish(event: PublishedEvent<Payload>): Promise<PublishOutcome>;
  /** The last event of a source that is in its stream with all before it, except for reported losses. */
  lastWritten(source: string): { readonly epoch: number; readonly seq: number } | null;
  /** Resolves when nothing waits to be written any more; rejects after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  status(): PublisherStatus;
  /** Writes what it can within `stopTimeoutMs`; the rest is reported as lost. May be called twice. */
  stop(): Promise<void>;
}

export interface PublisherStatus {
  readonly queueEntries: number;
  readonly queueBytes: number;
  /** Null when the last write went well. */
  readonly failing: { readonly message: string; readonly attempts: number } | null;
}

const ERROR_FROM_ATTEMPT = 5;

/**
 * Writes events to their streams. What is published in one tick goes out in one pipeline for each shard; one pipeline a
 * shard is under way at a time, and what failed in it stays at the head of the queue, so the order is kept. A write whose
 * answer was lost is done again: the consumer counts and skips the duplicate.
 */
export function createPublisher<Payload>(options: PublisherOptions<Payload>): Publisher<Payload> {
  return new StreamPublisher(options);
}

class StreamPublisher<Payload> implements Publisher<Payload> {
  readonly #options: PublisherOptions<Payload>;
  readonly #tuning: PublisherTuning;
  readonly #keys: StreamKeys;
  readonly #metrics: PublisherMetrics;
  readonly #link: RedisLink;
  readonly #queue: PublishQueue;
  readonly #busy: boolean[];
  readonly #lastWritten = new Map<string, { epoch: number; seq: number }>();
  readonly #aborting = new AbortController();
  readonly #idle = new Set<() => void>();
  #flushScheduled = false;
  #failing: { message: string; attempts: number } | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: PublisherOptions<Payload>) {
    this.#options = options;
    this.#tuning = { ...PUBLISHER_TUNING, ...options.tuning };
    this.#keys = createStreamKeys(options.prefix);
    this.#metrics = publisherMetrics(options.metrics);
    const { queueEntriesMax: entriesMax, queueBytesMax: bytesMax, writeTimeoutMs } = this.#tuning;
    this.#queue = new PublishQueue(options.shards, { entriesMax, bytesMax });
    this.#busy = Array.from({ length: options.shards }, () => false);
    this.#link = new RedisLink(options.redis, 'commands', writeTimeoutMs);
    this.#link.open();
  }

  publish(event: PublishedEvent<Payload>): Promise<PublishOutcome> {
    const { source, epoch, seq, type, payload, traceparent = currentTraceparent() } = event;
    const head = { source, epoch, seq, type, traceparent };
    const problem = problemOfHead(head);
    if (problem !== null) throw new TypeError(`can't publish ${type} of ${source}: ${problem}`);
    const text = this.#options.codec.encode(type, payload);
    return new Promise((settle) => {
      const shard = shardOf(source, this.#options.shards);
      this.#accept({ head, shard, header: encodeHeader(head), text, queuedAtMs: performance.now(), settle });
    });
  }

  lastWritten(source: string): { epoch: number; seq: number } | null {
    return this.#lastWritten.get(source) ?? null;
  }

  status(): PublisherStatus {
    return { queueEntries: this.#queue.entries, queueBytes: this.#queue.bytes, failing: this.#failing };
  }

  async flush(timeoutMs: number): Promise<void> {
    if (this.#isIdle()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.add(resolve);
    try {
      await withDeadline(promise, timeoutMs, `writing ${this.#queue.entries} queued events`);
    } finally {
      this.#idle.delete(resolve);
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { logger } = this.#options;
    await this.flush(this.#tuning.stopTimeoutMs).catch((error: unknown) => {
      logger.error(
        { problem: messageOf(error) },
        'stopping with events unwritten; their sources need a snapshot',
      );
    });
    this.#aborting.abort();
    this.#link.close();
    const { events, losses } = this.#queue.giveUp();
    for (const event of events) this.#settleDropped(event, 'stopped');
    for (const loss of losses) this.#report(loss);
    this.#measure();
  }

  #accept(event: QueuedEvent): void {
    if (this.#stopped !== null) return this.#drop(event, 'stopped');
    if (event.text.length > this.#tuning.payloadBytesMax) return this.#drop(event, 'too-large');
    if (!this.#queue.push(event)) {
      this.#settleDropped(event, 'queue-full');
      return;
    }
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      this.#writeAll();
    });
  }

  #writeAll(): void {
    this.#measure();
    for (let shard = 0; shard < this.#busy.length; shard++) {
      if (this.#busy[shard] !== true && this.#queue.waiting(shard) > 0) void this.#writeShard(shard);
    }
  }

  /** The only writer of its shard until the shard's queue is empty. Never rejects. */
  async #writeShard(shard: number): Promise<void> {
    this.#busy[shard] = true;
    for (let attempt = 0; this.#queue.waiting(shard) > 0 && !this.#aborting.signal.aborted;) {
      const failure = await this.#writeOnce(shard);
      if (failure === null) {
        attempt = 0;
        this.#failing = null;
        for (const loss of this.#queue.endLosses()) this.#report(loss);
        continue;
      }
      attempt++;
      await this.#backOff(shard, failure, attempt);
    }
    this.#busy[shard] = false;
    this.#measure();
    if (this.#isIdle()) for (const resolve of this.#idle) resolve();
  }

  /** Writes one pipeline and takes what was written off the queue. Returns the first failure. */
  async #writeOnce(shard: number): Promise<unknown> {
    const events = this.#queue.peek(shard, this.#tuning.pipelineEntriesMax);
    const replies = await this.#send(shard, events).catch((error: unknown) => events.map(() => error));
    let failure: unknown = null;
    const gone = new Set<QueuedEvent>();
    for (const [index, event] of events.entries()) {
      const reply = replies[index];
      if (typeof reply !== 'string') {
        failure ??= reply ?? new Error('Redis gave no answer');
        continue;
      }
      gone.add(event);
      const { source, epoch, seq } = event.head;
      // What follows a failure may follow a hole, so it does not count until the hole is filled.
      if (failure === null) this.#lastWritten.set(source, { epoch, seq });
      event.settle({ written: true, entryId: reply });
    }
    this.#queue.remove(shard, gone);
    this.#metrics.written.inc(gone.size);
    const [oldest] = gone;
    if (oldest !== undefined)
      this.#metrics.writeSeconds.observe((performance.now() - oldest.queuedAtMs) / 1_000);
    return failure;
  }

  /** An id for each event that was written, an error for each that was not or may not have been. */
  async #send(shard: number, events: readonly QueuedEvent[]): Promise<unknown[]> {
    const { streamEntriesMax } = this.#tuning;
    const key = this.#keys.events(shard);
    const replies = await this.#link.run('writing events', (connection) => {
      const pipeline = connection.pipeline();
      for (const { header, text } of events) {
        if (streamEntriesMax === null) pipeline.xadd(key, '*', HEADER_FIELD, header, PAYLOAD_FIELD, text);
        else
          pipeline.xadd(key, 'MAXLEN', '~', streamEntriesMax, '*', HEADER_FIELD, header, PAYLOAD_FIELD, text);
      }
      return pipeline.exec();
    });
    return (replies ?? []).map(([error, id]) => error ?? id);
  }

  async #backOff(shard: number, failure: unknown, attempt: number): Promise<void> {
    const { backoffBaseMs, backoffMaxMs } = this.#tuning;
    this.#failing = { message: messageOf(failure), attempts: attempt };
    this.#metrics.failures.inc();
    const level = attempt >= ERROR_FROM_ATTEMPT ? 'error' : attempt > 1 ? 'warn' : 'debug';
    const detail = { shard, attempt, problem: messageOf(failure), waiting: this.#queue.entries };
    this.#options.logger[level](detail, 'events could not be written, trying again');
    await pause(fullJitter(attempt, backoffBaseMs, backoffMaxMs), this.#aborting.signal);
  }

  #drop(event: QueuedEvent, reason: Exclude<DropReason, 'queue-full'>): void {
    const { source, epoch, seq } = event.head;
    this.#settleDropped(event, reason);
    // Not from within publish(): whoever hears of a loss may well publish.
    queueMicrotask(() => this.#report({ source, epoch, fromSeq: seq, toSeq: seq, events: 1, reason }));
  }

  #settleDropped(event: QueuedEvent, reason: DropReason): void {
    this.#metrics.dropped.inc({ reason });
    event.settle({ written: false, reason });
  }

  #report(loss: Loss): void {
    this.#options.logger.error(loss, 'events were dropped; their source needs a snapshot');
    try {
      this.#options.onLoss(loss);
    } catch (error) {
      this.#options.logger.error({ ...loss, err: error }, 'the loss could not be handed on');
    }
  }

  #isIdle(): boolean {
    return this.#queue.entries === 0 && !this.#busy.includes(true);
  }

  #measure(): void {
    this.#metrics.queueEntries.set(this.#queue.entries);
    this.#metrics.queueBytes.set(this.#queue.bytes);
  }
}
