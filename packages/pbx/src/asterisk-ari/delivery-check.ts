import { randomUUID } from 'node:crypto';
import type { Logger } from '@trunkline/service-kit';
import { PROBE } from './codec.ts';
import type { AriRest } from './rest.ts';
import { missingSources } from './subscription.ts';

export interface DeliveryCheckOptions {
  readonly rest: AriRest;
  readonly application: string;
  /** For an event of our own to arrive. */
  readonly answerMs: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** What the PBX says does not reach us any more. */
  readonly onLost: (problem: string) => void;
}

/** One event may get lost where the PBX is busy; two in a row, seconds apart, are no accident. */
const PROBES = 2;

/**
 * A socket may be open and answer pings, and yet nothing comes: the application was forgotten, or belongs to another
 * client and the frame that says so was lost. So the PBX is asked what it has, and to send us an event of our own, which
 * only the socket that holds the application gets.
 */
export class DeliveryCheck {
  readonly #options: DeliveryCheckOptions;
  #awaited: { readonly mark: string; readonly arrived: () => void } | null = null;
  #running = false;

  constructor(options: DeliveryCheckOptions) {
    this.#options = options;
  }

  /** Only clear answers count: that a question fails says nothing of the socket. Never rejects. */
  async run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const { signal, logger, onLost, application } = this.#options;
    try {
      if (!(await this.#isSubscribed()) || !(await this.#isDelivered()))
        onLost(`it no longer sends the events of our application ${application}`);
    } catch (error) {
      if (!signal.aborted) logger.debug({ err: error }, 'The check of the ARI application got no answer');
    } finally {
      this.#running = false;
    }
  }

  heard(mark: string): void {
    if (mark === this.#awaited?.mark) this.#awaited.arrived();
  }

  async #isSubscribed(): Promise<boolean> {
    const { rest, application, signal } = this.#options;
    const { status, body } = await rest.ask('GET', ['applications', application], { signal });
    return status !== 404 && !(status === 200 && missingSources(body).length > 0);
  }

  async #isDelivered(): Promise<boolean> {
    for (let probe = 0; probe < PROBES; probe++) if (await this.#probe()) return true;
    return false;
  }

  /** False where the PBX has sent our event, and it did not arrive. A user that may not send any proves nothing. */
  async #probe(): Promise<boolean> {
    const { rest, application, answerMs, signal } = this.#options;
    const mark = randomUUID();
    const { promise: arrival, resolve: arrived } = Promise.withResolvers<void>();
    this.#awaited = { mark, arrived };
    const { status } = await rest.ask('POST', ['events', 'user', PROBE], {
      signal,
      query: { application },
      body: { variables: { probe: mark } },
    });
    if (status === 404) return false;
    return status >= 300 || (await inTime(arrival, answerMs, signal));
  }
}

async function inTime(arrival: Promise<void>, ms: number, signal: AbortSignal): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  // A process that was frozen reads what has arrived meanwhile before it gives its verdict.
  const timer = setTimeout(() => setImmediate(() => setImmediate(resolve, false)), ms);
  const over = (): void => resolve(true);
  signal.addEventListener('abort', over, { once: true });
  try {
    return await Promise.race([arrival.then(() => true), late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', over);
  }
}
