import { headerOf } from './header.ts';

type Outcome = string | null;

/** Asterisk's numbers for how an originated call failed. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['0', 'it could not be reached (not registered, or no such phone)'],
  ['1', 'it was hung up'],
  ['3', 'nobody answered'],
  ['5', 'it is busy'],
  ['8', 'it is congested or not available'],
]);

interface Waiting {
  readonly channel: string;
  readonly settle: (outcome: Outcome) => void;
}

/**
 * What becomes of wished calls. Resolves with null when the channel with the wish's id appears, with a reason when the
 * PBX says that it failed, and with null when neither was heard in time: the PBX had agreed, so the wish may be on.
 */
export class OriginateAnswers {
  readonly #timeoutMs: number;
  readonly #waiting = new Map<string, Waiting>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  expect(actionId: string, channel: string, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), this.#timeoutMs);
      const onAbort = (): void => settle(null);
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(actionId);
        resolve(outcome);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(actionId, { channel, settle });
    });
  }

  forget(actionId: string): void {
    this.#waiting.get(actionId)?.settle(null);
  }

  /** Hears every event while a wish is open. */
  hear(text: string): void {
    if (text.startsWith('Event: Newchannel\r\n')) this.#hearChannel(headerOf(text, 'Uniqueid'));
    else if (text.startsWith('Event: OriginateResponse\r\n')) this.#hearResponse(text);
  }

  #hearChannel(id: string): void {
    for (const { channel, settle } of this.#waiting.values()) if (channel === id) settle(null);
  }

  #hearResponse(text: string): void {
    const waiting = this.#waiting.get(headerOf(text, 'ActionID'));
    if (headerOf(text, 'Response') === 'Success') waiting?.settle(null);
    else waiting?.settle(reasons.get(headerOf(text, 'Reason')) ?? 'the PBX gave no reason');
  }
}
