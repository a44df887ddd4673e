import type { FeedEntry } from '@trunkline/feed';
import { dataMessages, type Messages } from '../frames/data-messages.ts';
import { routeRows, type RoutedRows } from './route-rows.ts';
import type { ToldRow } from './told-row.ts';

/** What marks the topic of one phone's calls. */
const phonePrefix = 'calls:';

export const isPhoneTopic = (topic: string): boolean => topic.startsWith(phonePrefix);

/** An entry of the feed as this node keeps it: read once, and each of its messages built once for all who want it. */
export class Entry {
  readonly offset: string;
  /** Its place among the entries of the ring, in their order. */
  readonly sequence: number;
  readonly letters: number;
  /** Of the transaction that committed it. */
  readonly traceparent: string | null;
  readonly #routed: RoutedRows;
  readonly #messages = new Map<string, Messages>();

  constructor(sequence: number, { offset, payload, traceparent }: FeedEntry) {
    this.sequence = sequence;
    this.offset = offset;
    this.letters = payload.length;
    this.traceparent = traceparent;
    this.#routed = routeRows(payload);
  }

  /** Topics that it surely concerns; those of phones come on top where `concernsEveryPhone`. */
  get topics(): Iterable<string> {
    return this.#routed.byTopic.keys();
  }

  get concernsEveryPhone(): boolean {
    return this.#routed.forEveryPhone.length > 0;
  }

  /** Every row that it tells. */
  get rows(): readonly ToldRow[] {
    const routed = [...this.#routed.byTopic.values()].flat();
    return [...new Set([...routed, ...this.#routed.forEveryPhone])];
  }

  rowsFor(topic: string): readonly ToldRow[] {
    const own = this.#routed.byTopic.get(topic) ?? [];
    const { forEveryPhone } = this.#routed;
    return isPhoneTopic(topic) && forEveryPhone.length > 0 ? [...own, ...forEveryPhone] : own;
  }

  messagesFor(topic: string, masked: boolean): Messages {
    const key = `${masked ? 'masked' : 'plain'} ${topic}`;
    let messages = this.#messages.get(key);
    if (messages === undefined) {
      messages = dataMessages({ topic, offset: this.offset, rows: this.rowsFor(topic), masked });
      this.#messages.set(key, messages);
    }
    return messages;
  }
}
