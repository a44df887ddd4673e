import type { CallHandle } from '../contract/call-plan.ts';
import type { Dialect } from '../contract/simulator.ts';
import type { Call } from '../telephony/call.ts';
import { OrderError } from '../telephony/desk.ts';
import type { Exchange } from '../telephony/exchange.ts';

/** Steers one call of the exchange. */
export function createCallHandle(exchange: Exchange, call: Call, dialect: Dialect): CallHandle {
  return {
    key: call.key,
    ring: () => exchange.ring(call),
    answer: (by) => exchange.answer(call, by),
    hold: (by) => exchange.hold(call, by, true),
    resume: (by) => exchange.hold(call, by, false),
    transfer: (order) => exchange.transfer(call, order),
    pickup: (by) => exchange.pickUp(call, by),
    join: (extension) => exchange.join(call, extension),
    record: () => exchange.record(call),
    hangUp(by, cause) {
      if (cause === 'voicemail' && dialect !== 'yeastar')
        throw new OrderError('Asterisk does not tell that a voicemail took a call');
      if (cause === 'restarted') throw new OrderError('only a restart ends calls as restarted');
      exchange.hangUp(call, by, cause);
    },
  };
}
