import { sleep } from '@trunkline/service-kit';
import type { Exchange } from '../telephony/exchange.ts';
import type { Timers } from '../timers.ts';
import type { Traffic } from '../traffic/traffic.ts';

interface SettleOptions {
  readonly exchange: Exchange;
  readonly traffic: Traffic;
  readonly delays: Timers;
  readonly signal: AbortSignal;
}

const LOOK_MS = 5;
/** Calls that are ended without a breath, so that a PBX with thousands does not hold up its sockets. */
const ENDED_AT_ONCE = 50;

/** No new calls, all open ones end, and every frame that is held back gets out. */
export async function settle({ exchange, traffic, delays, signal }: SettleOptions): Promise<void> {
  traffic.stop();
  while (exchange.open.size > 0 || delays.pending > 0) {
    for (const call of [...exchange.open.values()].slice(0, ENDED_AT_ONCE)) {
      // A consultation ends with the call that it has become a part of.
      if (call.endedAt === null) exchange.hangUp(call);
    }
    await sleep(LOOK_MS, signal);
  }
}
