import type { Direction, FaultProxy, Ruling } from '@trunkline/backing-services/testing';
import { readLiveEntry } from '@trunkline/feed';

/** Head, command and channel of what Redis pushes to a subscriber, in either version of its protocol. */
const head = /^[>*]3\r\n\$7\r\nmessage\r\n\$(\d+)\r\n/;
const longestHead = 40;

/**
 * Loses pieces of what Redis publishes to a node, and nothing else: whole messages of feeds, so that what follows still makes sense
 * to whoever listens. Answers to commands always pass, since TCP never loses the midst of a conversation.
 */
export class Swallower {
  /** Messages that were lost here, by their ids in the outbox. */
  readonly swallowed = new Set<string>();
  /** So many pieces more are lost. */
  #pieces = 0;
  #condemned: string | null = null;

  constructor(proxy: Pick<FaultProxy, 'watch'>) {
    proxy.watch((direction, chunk) => this.#rule(direction, chunk));
  }

  /** The next few pieces. */
  swallow(pieces: number): void {
    this.#pieces += pieces;
  }

  /** This message, whenever it comes. */
  condemn(id: string): void {
    this.#condemned = id;
  }

  #rule(direction: Direction, chunk: Buffer): Ruling {
    if (direction === 'up' || (this.#pieces === 0 && this.#condemned === null)) return 'pass';
    const ids = publishedIn(chunk);
    if (ids.length === 0) return 'pass';
    const isCondemned = this.#condemned !== null && ids.includes(this.#condemned);
    if (!isCondemned && this.#pieces === 0) return 'pass';
    if (!isCondemned) this.#pieces -= 1;
    for (const id of ids) this.swallowed.add(id);
    return 'swallow';
  }
}

/** The messages of feeds in a piece that holds nothing but whole published messages; none if it holds anything else. */
export function publishedIn(chunk: Buffer): string[] {
  const ids: string[] = [];
  let at = 0;
  while (at < chunk.length) {
    const [all, channelBytes] = head.exec(chunk.toString('latin1', at, at + longestHead)) ?? [];
    if (all === undefined) return [];
    const lengthAt = at + all.length + Number(channelBytes) + 2;
    const lengthEnd = chunk.indexOf('\r\n', lengthAt);
    if (lengthEnd < 0 || chunk[lengthAt] !== 0x24) return [];
    const textAt = lengthEnd + 2;
    const textEnd = textAt + Number(chunk.toString('latin1', lengthAt + 1, lengthEnd));
    if (textEnd + 2 > chunk.length) return [];
    const entry = readLiveEntry(chunk.toString('utf8', textAt, textEnd));
    if (entry !== null) ids.push(entry.id);
    at = textEnd + 2;
  }
  return ids;
}
