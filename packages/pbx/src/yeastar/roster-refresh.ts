import { sleep, type Logger } from '@trunkline/service-kit';

/** An import changes hundreds of extensions at once, and each is told by a frame of its own. */
const GATHER_MS = 2_000;

/** Reads the list of extensions anew after the PBX said that it changed: once for many changes, never twice at once. */
export class RosterRefresh {
  readonly #read: () => Promise<void>;
  readonly #signal: AbortSignal;
  readonly #logger: Logger;
  #wanted = false;
  #running = false;

  constructor(read: () => Promise<void>, signal: AbortSignal, logger: Logger) {
    this.#read = read;
    this.#signal = signal;
    this.#logger = logger;
  }

  want(): void {
    this.#wanted = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#wanted) {
        await sleep(GATHER_MS, this.#signal);
        this.#wanted = false;
        await this.#read();
      }
    } catch (error) {
      // The next snapshot lists the extensions anyway.
      if (!this.#signal.aborted)
        this.#logger.warn({ err: error }, 'the changed list of extensions could not be read');
    } finally {
      this.#running = false;
    }
  }
}
