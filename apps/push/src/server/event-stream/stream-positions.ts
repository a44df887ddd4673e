import type { Position } from '@trunkline/realtime-protocol';
import { assertNever } from '@trunkline/service-kit';
import { writeEventId } from './event-id.ts';
import type { Move } from './read-events.ts';

/**
 * Where the reader of a stream stands in each of its topics, by the rules by which clients of sockets count themselves. Until a
 * snapshot is complete a topic stands where it stood before, so that a stream that is cut meanwhile starts it anew.
 */
export class StreamPositions {
  readonly #topics: readonly string[];
  readonly #stand = new Map<string, Position>();
  readonly #coming = new Map<string, Position>();

  constructor(topics: readonly string[], before: ReadonlyMap<string, Position>) {
    this.#topics = topics;
    for (const topic of topics) {
      const position = before.get(topic);
      if (position !== undefined) this.#stand.set(topic, position);
    }
  }

  of(topic: string): Position | undefined {
    return this.#stand.get(topic);
  }

  get id(): string {
    return writeEventId(this.#stand);
  }

  apply(move: Move): void {
    switch (move.how) {
      case 'begins':
        this.#coming.set(move.topic, move.position);
        return;
      case 'completes':
        this.#complete(move.topic);
        return;
      case 'replayed':
        this.#stand.set(move.topic, move.position);
        return;
      case 'reaches':
        this.#reach(move.topic, move.offset);
        return;
      case 'all stand':
        for (const topic of this.#topics) this.#stand.set(topic, move.position);
        return;
      default:
        assertNever(move, 'a move of a position');
    }
  }

  #complete(topic: string): void {
    const position = this.#coming.get(topic);
    this.#coming.delete(topic);
    if (position !== undefined) this.#stand.set(topic, position);
  }

  #reach(topic: string, offset: string): void {
    const before = this.#stand.get(topic);
    if (before !== undefined) this.#stand.set(topic, { epoch: before.epoch, offset });
  }
}
