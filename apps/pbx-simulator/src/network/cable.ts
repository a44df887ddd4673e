import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * The wire between a client's TCP connection and the PBX, whatever protocol runs over it. Here it can be frozen, which
 * is what a half-open connection looks like: it stays open, and nothing passes either way. A client that does not
 * take what is written for too long is cut.
 */
export class Cable extends Duplex {
  readonly source: string;
  readonly #raw: Socket;
  readonly #writeMs: () => number;
  #frozen = false;

  /** `writeMs` is asked at every write that has to wait; 0 waits for ever. */
  constructor(raw: Socket, writeMs: () => number) {
    super({ allowHalfOpen: false });
    this.#raw = raw;
    this.#writeMs = writeMs;
    this.source = raw.remoteAddress ?? 'unknown';
    raw.setNoDelay(true);
    raw.on('data', (chunk: Buffer) => {
      if (!this.#frozen && !this.push(chunk)) raw.pause();
    });
    raw.on('end', () => {
      if (!this.#frozen) this.push(null);
    });
    raw.on('error', () => this.destroy());
    raw.on('close', () => this.destroy());
    this.on('error', () => raw.destroy());
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  freeze(): void {
    this.#frozen = true;
  }

  cut(how: 'close' | 'reset'): void {
    if (how === 'reset') this.#raw.resetAndDestroy();
    else this.#raw.destroy();
    this.destroy();
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#frozen || this.#raw.destroyed) {
      done();
      return;
    }
    let watch: NodeJS.Timeout | undefined;
    this.#raw.write(chunk, () => {
      clearTimeout(watch);
      done();
    });
    const limitMs = this.#writeMs();
    if (this.#raw.writableLength > 0 && limitMs > 0) watch = setTimeout(() => this.cut('close'), limitMs);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#frozen) this.#raw.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#frozen) this.#raw.destroy();
    done(error);
  }
}
