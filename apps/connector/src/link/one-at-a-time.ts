/** Things are taken one at a time and in order, also those that are added while one is taken. */
export class OneAtATime<Item> {
  readonly #take: (item: Item) => Promise<void>;
  readonly #onFailed: (error: unknown, item: Item) => void;
  readonly #waiting: Item[] = [];
  #draining = false;

  constructor(take: (item: Item) => Promise<void>, onFailed: (error: unknown, item: Item) => void) {
    this.#take = take;
    this.#onFailed = onFailed;
  }

  add(item: Item): void {
    this.#waiting.push(item);
    if (this.#draining) return;
    this.#draining = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      try {
        await this.#take(item);
      } catch (error) {
        this.#onFailed(error, item);
      }
    }
    this.#draining = false;
  }
}
