import type { Tally } from '../port/connection.ts';
import { LinkError, type LinkFault } from '../port/fault.ts';
import type { PbxOptions } from '../port/target.ts';
import type { PbxSnapshot, Word } from '../port/words.ts';
import { placeOf, type Endpoint } from '../transport/endpoint.ts';
import { WordQueue } from '../transport/word-queue.ts';
import { AsteriskState } from './asterisk-state.ts';
import type { Decoded, Fact } from './fact.ts';
import type { RegistryBounds } from './leg-registry.ts';

export interface LinkCoreOptions {
  readonly endpoint: Endpoint;
  readonly options: PbxOptions;
  readonly now: () => number;
  readonly bounds?: RegistryBounds;
  /** How many words may wait to be read. */
  readonly wordsMax?: number;
}

/**
 * What both interfaces' connections have in common: frames are counted and folded into the state, words wait to be
 * read, and the link ends once, for one reason. Whoever holds the socket listens to `lifetime` and closes it then.
 */
export class LinkCore {
  readonly state: AsteriskState;
  readonly tally: Tally = emptyTally();
  readonly ended: Promise<LinkError>;
  readonly #now: () => number;
  readonly #endpoint: Endpoint;
  readonly #words: WordQueue;
  readonly #lifetime = new AbortController();
  readonly #resolveEnded: (error: LinkError) => void;
  #error: LinkError | null = null;
  #snapshotting = false;

  constructor({ endpoint, options, now, bounds, wordsMax }: LinkCoreOptions) {
    const { promise, resolve } = Promise.withResolvers<LinkError>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#now = now;
    this.#endpoint = endpoint;
    this.#words = new WordQueue({
      ...(wordsMax === undefined ? {} : { entriesMax: wordsMax }),
      onOverrun: () =>
        this.end({ kind: 'overrun' }, 'what it says is not read fast enough, and words were lost'),
    });
    this.state = new AsteriskState(options, (word) => this.#words.push(word), bounds);
  }

  get lifetime(): AbortSignal {
    return this.#lifetime.signal;
  }

  get words(): AsyncIterable<Word> {
    return this.#words;
  }

  /** Why the link is over; null while it is not. */
  get error(): LinkError | null {
    return this.#error;
  }

  /** One frame that the socket brought. Never throws: a frame that can't be taken is set aside. */
  take(decoded: Decoded, raw: string): void {
    const { tally } = this;
    switch (decoded.kind) {
      case 'ignored':
        tally.ignored++;
        break;
      case 'unknown':
        tally.unknown++;
        break;
      case 'reply':
        tally.replies++;
        break;
      case 'probe':
        tally.heartbeats++;
        break;
      case 'unreadable':
        this.setAside(raw, decoded.problem);
        break;
      case 'replaced':
        tally.events++;
        this.end({ kind: 'replaced' }, 'another client took over our application and gets its events now');
        break;
      case 'shutdown':
        tally.events++;
        this.end({ kind: 'shutdown' }, 'it shuts down or restarts');
        break;
      case 'channel':
      case 'dial':
      case 'enter':
      case 'leave':
      case 'hold':
      case 'hangup':
      case 'device':
      case 'endpoint':
      case 'hint':
      case 'recorded':
        this.#apply(decoded, raw);
        break;
    }
  }

  #apply(fact: Fact, raw: string): void {
    try {
      this.state.apply(fact, this.at());
      this.tally.events++;
    } catch (error) {
      this.setAside(raw, `could not be taken in: ${String(error)}`);
    }
  }

  setAside(raw: string, problem: string): void {
    this.tally.unreadable++;
    this.#words.push({ kind: 'unreadable', raw, problem });
  }

  at(): number {
    return Math.round(this.#now());
  }

  /** The first reason counts. */
  end(fault: LinkFault, problem: string, cause?: unknown): void {
    if (this.#error !== null) return;
    this.#error = this.fault(fault, problem, cause);
    this.#words.end();
    this.#lifetime.abort(this.#error);
    this.#resolveEnded(this.#error);
  }

  fault(fault: LinkFault, problem: string, cause?: unknown): LinkError {
    const text = `${placeOf(this.#endpoint)}: ${problem}`;
    return new LinkError(fault, text, cause === undefined ? {} : { cause });
  }

  /** Runs one snapshot within its deadline. Whether it succeeds or fails, what was held back is told from then on. */
  async snapshot(
    signal: AbortSignal,
    timeoutMs: number,
    fetch: (signal: AbortSignal) => Promise<PbxSnapshot>,
  ): Promise<PbxSnapshot> {
    if (this.#error !== null) throw this.#error;
    if (this.#snapshotting) throw new Error('a snapshot is under way already');
    this.#snapshotting = true;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      return await fetch(AbortSignal.any([signal, this.lifetime, deadline]));
    } catch (error) {
      if (this.#error !== null) throw this.#error;
      if (deadline.aborted && !signal.aborted)
        throw this.fault({ kind: 'unreachable' }, `it gave no complete list within ${timeoutMs} ms`, error);
      throw error;
    } finally {
      this.#snapshotting = false;
      if (this.#error === null) this.state.settle(this.at());
    }
  }
}

const emptyTally = (): Tally => ({
  frames: 0,
  replies: 0,
  heartbeats: 0,
  events: 0,
  ignored: 0,
  unknown: 0,
  unreadable: 0,
  bytes: 0,
});
