import type { Messages } from '../frames/data-messages.ts';
import type { Entry } from './entry.ts';

/** What goes to everyone who listens to a topic: one entry, or the few that came within a moment, in one piece. */
export class Delivery {
  readonly topic: string;
  /** In order, at least one. */
  readonly entries: readonly Entry[];
  readonly #joined = new Map<boolean, Messages>();

  constructor(topic: string, entries: readonly Entry[]) {
    this.topic = topic;
    this.entries = entries;
  }

  get first(): number {
    return this.entries[0]?.sequence ?? 0;
  }

  /** Where those stand who have got it. */
  get place(): { readonly sequence: number; readonly offset: string } {
    const last = this.entries.at(-1);
    if (last === undefined) throw new TypeError('a delivery has at least one entry');
    return last;
  }

  messages(masked: boolean): Messages {
    const [only] = this.entries;
    if (this.entries.length === 1 && only !== undefined) return only.messagesFor(this.topic, masked);
    let joined = this.#joined.get(masked);
    if (joined === undefined) {
      const parts = this.entries.map((entry) => entry.messagesFor(this.topic, masked));
      joined = {
        bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
        count: parts.reduce((sum, { count }) => sum + count, 0),
      };
      this.#joined.set(masked, joined);
    }
    return joined;
  }

  /** The same for somebody who knows what came up to this sequence; null where nothing is left. */
  behind(sequence: number): Delivery | null {
    if (sequence < this.first) return this;
    const rest = this.entries.filter((entry) => entry.sequence > sequence);
    return rest.length === 0 ? null : new Delivery(this.topic, rest);
  }
}
