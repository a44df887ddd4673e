import { withDeadline } from '@trunkline/service-kit';
import type { Offset, OffsetStore } from './offset-store.ts';
import type { SqlTransaction, Transactions } from './ports.ts';

/** A connection may be half-open; a glance is worth no more patience than this. */
const LOOK_MS_MAX = 3_000;

/** A glance this old is as good as a new one: nothing is decided by it but when to try the lock. */
const FRESH_MS = 40;

/** All shards of a replica look at the offsets through this, so that many of them cost one query. */
export class OffsetBoard<Tx extends SqlTransaction> {
  readonly #transactions: Transactions<Tx>;
  readonly #offsets: OffsetStore;
  readonly #shards: number;
  #glance: { atMs: number; rows: Promise<Map<number, Offset>> } | null = null;

  constructor(transactions: Transactions<Tx>, offsets: OffsetStore, shards: number) {
    this.#transactions = transactions;
    this.#offsets = offsets;
    this.#shards = shards;
  }

  async look(shard: number): Promise<Offset> {
    const now = performance.now();
    if (this.#glance === null || now - this.#glance.atMs > FRESH_MS) {
      this.#glance = { atMs: now, rows: this.#read() };
    }
    const glance = this.#glance;
    try {
      const offset = (await glance.rows).get(shard);
      if (offset === undefined) throw new Error(`the offset row of shard ${shard} is missing`);
      return offset;
    } catch (error) {
      if (this.#glance === glance) this.#glance = null;
      throw error;
    }
  }

  /** The next look is a new one: the last batch's end is in doubt. */
  forget(): void {
    this.#glance = null;
  }

  /** Rows that are not there yet, or that somebody deleted, are made on the way. */
  async #read(): Promise<Map<number, Offset>> {
    const reading = this.#transactions.run(async (tx) => {
      let rows = await this.#offsets.look(tx);
      if (rows.length < this.#shards) {
        await this.#offsets.createRows(tx, this.#shards);
        rows = await this.#offsets.look(tx);
      }
      return new Map(rows.map((row) => [row.shard, row]));
    });
    return await withDeadline(reading, LOOK_MS_MAX, 'looking at the offsets');
  }
}
