export interface HeartOptions {
  readonly everyMs: number;
  readonly answerMs: number;
  readonly beat: () => void;
  readonly onSilence: () => void;
}

/**
 * Sends heartbeats, and notices when nothing at all comes back: a half-open connection looks healthy in every other way,
 * since TCP goes on trying for a quarter of an hour.
 */
export class Heart {
  readonly #options: HeartOptions;
  #interval: NodeJS.Timeout | undefined;
  #waiting: NodeJS.Timeout | undefined;

  constructor(options: HeartOptions) {
    this.#options = options;
  }

  start(): void {
    this.#interval = setInterval(() => this.#beat(), this.#options.everyMs);
  }

  /** Anything that arrives is a sign of life. */
  heard(): void {
    if (this.#waiting === undefined) return;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }

  stop(): void {
    clearInterval(this.#interval);
    this.heard();
  }

  #beat(): void {
    this.#options.beat();
    this.#waiting ??= setTimeout(this.#options.onSilence, this.#options.answerMs);
  }
}
