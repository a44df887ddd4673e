import type { Logger } from '@trunkline/service-kit';
import type { Dialect } from '../dialects/dialect.ts';
import type { Gateway } from '../network/gateway.ts';
import type { Exchange } from '../telephony/exchange.ts';
import { Timers } from '../timers.ts';

interface PowerOptions {
  readonly exchange: Exchange;
  readonly dialect: Dialect;
  readonly gateway: Gateway;
  readonly logger: Logger;
}

/** What was said last leaves the house before the sockets are cut. */
const FAREWELL_MS = 30;
/** Another process may hold the port for a moment. */
const RETRY_MS = 50;

/** Whether the PBX runs. Down, its port is closed, and calls are neither made nor remembered. */
export class Power {
  readonly #options: PowerOptions;
  readonly #timers = new Timers();
  #state: 'up' | 'down' | 'stopped' = 'up';
  #startedAt = Date.now();
  #switching: Promise<void> = Promise.resolve();

  constructor(options: PowerOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** By the real clock. */
  get startedAt(): number {
    return this.#startedAt;
  }

  restart(downMs: number, announce: boolean): void {
    const { exchange, dialect } = this.#options;
    if (this.#state === 'stopped') return;
    this.#timers.clear();
    const wasUp = this.#state === 'up';
    this.#state = 'down';
    if (wasUp && announce) {
      for (const call of exchange.open.values()) exchange.hangUp(call);
      dialect.sayGoodbye();
      this.#timers.after(FAREWELL_MS, () => this.#goDown(downMs));
    } else this.#goDown(downMs);
  }

  upNow(): void {
    if (this.#state !== 'down') return;
    this.#timers.clear();
    this.#goDown(0);
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#timers.clear();
    await this.#switching;
    await this.#options.gateway.close();
  }

  #goDown(downMs: number): void {
    const { exchange, dialect, gateway } = this.#options;
    this.#switch(() => gateway.close());
    exchange.restart();
    dialect.reset();
    this.#timers.after(downMs, () => this.#comeUp());
  }

  #comeUp(): void {
    this.#switch(async () => {
      if (this.#state !== 'down') return;
      try {
        await this.#options.gateway.open();
        this.#startedAt = Date.now();
        this.#state = 'up';
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'the port is not free again yet');
        this.#timers.after(RETRY_MS, () => this.#comeUp());
      }
    });
  }

  /** Closing and opening never overlap. */
  #switch(act: () => Promise<void>): void {
    this.#switching = this.#switching.then(act).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'the PBX could not be switched');
    });
  }
}
