import { readEvent } from '@trunkline/domain';
import type { Publisher, PublishOutcome } from '@trunkline/event-stream';
import { currentTraceparent, withSpan, type MonotonicNow } from '@trunkline/service-kit';
import type { HeldLease } from '../lease/held-lease.ts';

export interface LinkVoiceOptions {
  readonly lease: HeldLease;
  readonly publisher: Pick<Publisher<unknown>, 'publish'>;
  readonly now: MonotonicNow;
  /** Words that wait while nobody knows whether the lease is still ours. */
  readonly heldMax: number;
  /** More than that: the link has to be made anew. Called once. */
  readonly onOverrun: () => void;
  readonly onSaid: (type: string) => void;
}

interface SpokenWord {
  readonly seq: number;
  readonly type: string;
  readonly payload: unknown;
  readonly traceparent: string | undefined;
}

interface HeldWord extends SpokenWord {
  readonly settle: (outcome: PublishOutcome | Promise<PublishOutcome>) => void;
}

/**
 * All that is published of a link under one lease, counted from 1. While the lease is in doubt words wait here, in
 * order; they are published once it is proven to be ours, and dropped when it is not. A word that waited in vain leaves
 * no gap: nothing of this epoch is published after it.
 */
export class LinkVoice {
  readonly #options: LinkVoiceOptions;
  readonly #held: HeldWord[] = [];
  #seq = 0;
  #silent = false;
  #overrun = false;

  constructor(options: LinkVoiceOptions) {
    this.#options = options;
  }

  /** Where the last word stands. Sequence 0 is the start of the epoch. */
  get place(): { readonly epoch: number; readonly seq: number } {
    return { epoch: this.#options.lease.epoch, seq: this.#seq };
  }

  get held(): number {
    return this.#held.length;
  }

  /** Throws an EventError where the domain's door would not let it pass: then nothing was said. Never rejects. */
  say(type: string, payload: unknown): Promise<PublishOutcome> {
    const { pbx, epoch } = this.#options.lease;
    if (this.#silent) return Promise.resolve(dropped);
    readEvent({ source: pbx, epoch, seq: this.#seq + 1, type }, payload);
    this.#seq += 1;
    const seq = this.#seq;
    // The span lasts from the word until it is in its stream, and stands in the trace of the call that it tells of.
    return withSpan(`hear ${type}`, { kind: 'producer', about: callOf(pbx, payload) }, () => {
      const word = { seq, type, payload, traceparent: currentTraceparent() };
      return this.#held.length === 0 && this.#isValid() ? this.#publish(word) : this.#hold(word);
    });
  }

  /** The lease was renewed: what waited is published, in order. */
  confirmed(): void {
    while (this.#held.length > 0 && this.#isValid()) {
      const word = this.#held.shift();
      if (word !== undefined) word.settle(this.#publish(word));
    }
    if (this.#held.length === 0) this.#overrun = false;
  }

  /** Nothing is said any more, and what waits is dropped. */
  silence(): void {
    this.#silent = true;
    for (const { settle } of this.#held.splice(0)) settle(dropped);
  }

  #isValid(): boolean {
    return this.#options.lease.isValidAt(this.#options.now());
  }

  #publish({ seq, type, payload, traceparent }: SpokenWord): Promise<PublishOutcome> {
    const { lease, publisher, onSaid } = this.#options;
    onSaid(type);
    const { pbx: source, epoch } = lease;
    return publisher.publish({ source, epoch, seq, type, payload, traceparent });
  }

  #hold(word: SpokenWord): Promise<PublishOutcome> {
    const { type } = word;
    // What tells of the link itself is little, and the link's end must not be lost for the sake of its words.
    if (this.#held.length >= this.#options.heldMax && !type.startsWith('link.')) {
      if (!this.#overrun) this.#options.onOverrun();
      this.#overrun = true;
      return Promise.resolve(dropped);
    }
    return new Promise((settle) => void this.#held.push({ ...word, settle }));
  }
}

const dropped: PublishOutcome = { written: false, reason: 'stopped' };

/** Words of phones and links stand in traces of their own: what they tell of has no end. */
function callOf(pbx: string, payload: unknown): readonly string[] | undefined {
  const { call } = payload as { readonly call?: unknown };
  return typeof call === 'string' ? [pbx, call] : undefined;
}
