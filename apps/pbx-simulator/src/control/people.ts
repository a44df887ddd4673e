import type { Limits } from '../contract/limits.ts';
import { OrderError } from '../telephony/desk.ts';
import type { Exchange } from '../telephony/exchange.ts';
import type { Timers } from '../timers.ts';

/** How often somebody looks whether the phone that shall be answered rings by now. */
const LOOKS_MAX = 20;

interface PeopleOptions {
  readonly exchange: Exchange;
  readonly limits: Limits;
  readonly timers: Timers;
}

/** Simulated people at the phones of a call that a client originated: the caller picks up, then the called one does. */
export function createPeople({ exchange, limits, timers }: PeopleOptions): (key: string) => void {
  const act = (key: string, looks: number): void => {
    timers.after(limits.pickUpMs, () => {
      const call = exchange.open.get(key);
      if (call === undefined || call.answeredAt !== null || looks === 0) return;
      try {
        if (call.legs.length === 1 && call.legs[0]?.state === 'Ringing') exchange.answerOriginated(call);
        else exchange.answer(call);
      } catch (error) {
        // Somebody else was faster; the next look tells what there is to do.
        if (!(error instanceof OrderError)) throw error;
      }
      act(key, looks - 1);
    });
  };
  return (key) => act(key, LOOKS_MAX);
}
