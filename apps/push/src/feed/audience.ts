import { Delivery } from './delivery.ts';
import { isPhoneTopic, type Entry } from './entry.ts';

/** Somebody who listens to one topic. */
export interface Listener {
  readonly topic: string;
  /** Told while it is in the audience; one that is not up to date leaves it aside and reads the ring later. */
  take(delivery: Delivery): void;
}

/** Who listens to which topic of one tenant. */
export class Audience {
  readonly #byTopic = new Map<string, Set<Listener>>();
  readonly #phoneTopics = new Set<string>();

  add(listener: Listener): void {
    const { topic } = listener;
    const listeners = this.#byTopic.get(topic);
    if (listeners !== undefined) {
      listeners.add(listener);
      return;
    }
    this.#byTopic.set(topic, new Set([listener]));
    if (isPhoneTopic(topic)) this.#phoneTopics.add(topic);
  }

  remove(listener: Listener): void {
    const { topic } = listener;
    const listeners = this.#byTopic.get(topic);
    listeners?.delete(listener);
    if (listeners?.size !== 0) return;
    this.#byTopic.delete(topic);
    this.#phoneTopics.delete(topic);
  }

  *all(): Iterable<Listener> {
    for (const listeners of this.#byTopic.values()) yield* listeners;
  }

  of(topic: string): ReadonlySet<Listener> | undefined {
    return this.#byTopic.get(topic);
  }

  /** What these entries, in their order, bring to topics that somebody listens to. */
  deliveriesOf(entries: readonly Entry[]): Delivery[] {
    const byTopic = new Map<string, Entry[]>();
    for (const entry of entries) {
      for (const topic of this.#topicsOf(entry)) {
        const own = byTopic.get(topic);
        if (own === undefined) byTopic.set(topic, [entry]);
        else own.push(entry);
      }
    }
    return [...byTopic].map(([topic, own]) => new Delivery(topic, own));
  }

  #topicsOf(entry: Entry): Iterable<string> {
    const exact = [...entry.topics].filter((topic) => this.#byTopic.has(topic));
    return entry.concernsEveryPhone ? new Set([...exact, ...this.#phoneTopics]) : exact;
  }
}
