import { readEvent } from '@trunkline/domain';
import type { Publisher, PublishOutcome } from '@trunkline/event-stream';
import type { MonotonicNow } from '@trunkline/service-kit';
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

interface HeldWord {
  readonly seq: number;
  readonly type: string;
  readonly payload: unknown;
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
    if (this.#held.length === 0 && this.#isValid()) return this.#publish(this.#seq, type, payload);
    return this.#hold(type, payload);
  }

  /** The lease was renewed: what waited is published, in order. */
  confirmed(): void {
    while (this.#held.length > 0 && this.#isValid()) {
      const word = this.#held.shift();
      if (word !== undefined) word.settle(this.#publish(word.seq, word.type, word.payload));
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

  #publish(seq: number, type: string, payload: unknown): Promise<PublishOutcome> {
    const { lease, publisher, onSaid } = this.#options;
    onSaid(type);
    return publisher.publish({ source: lease.pbx, epoch: lease.epoch, seq, type, payload });
  }

  #hold(type: string, payload: unknown): Promise<PublishOutcome> {
    // What tells of the link itself is little, and the link's end must not be lost for the sake of its words.
    if (this.#held.length >= this.#options.heldMax && !type.startsWith('link.')) {
      if (!this.#overrun) this.#options.onOverrun();
      this.#overrun = true;
      return Promise.resolve(dropped);
    }
    const seq = this.#seq;
    return new Promise((settle) => void this.#held.push({ seq, type, payload, settle }));
  }
}

const dropped: PublishOutcome = { written: false, reason: 'stopped' };
