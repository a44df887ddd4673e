import type { Call } from '../../telephony/call.ts';
import type { Leg } from '../../telephony/leg.ts';
import type { DialectContext } from '../dialect.ts';

export interface OriginationOrder {
  /** The channel to be rung, such as PJSIP/1001. */
  readonly channel: string;
  readonly exten: string;
  readonly id?: string | undefined;
  readonly callerName?: string | undefined;
  readonly timeoutMs: number;
}

/** Rings a phone for a client, which then dials. Null where that phone can't be rung: no channel is made then. */
export function originate(context: DialectContext, order: OriginationOrder): Call | null {
  const { exchange, pickUpLater, timers } = context;
  const from = /^PJSIP\/([^@/]+)$/.exec(order.channel)?.[1];
  if (from === undefined) return null;
  const call = exchange.originate({
    from,
    to: order.exten,
    ...(order.id === undefined ? {} : { id: order.id }),
    ...(order.callerName === undefined ? {} : { callerName: order.callerName }),
  });
  if (call === null) return null;
  pickUpLater(call.key);
  timers.after(order.timeoutMs, () => {
    const [leg] = call.legs;
    if (call.endedAt === null && leg !== undefined && isOriginated(leg) && leg.state === 'Ringing')
      exchange.hangUp(call, undefined, 'no_answer');
  });
  return call;
}

/** The first leg of an originated call is called, and nobody calls it. */
export function isOriginated(leg: Leg): boolean {
  return leg.side === 'caller' && leg.dialplan.application === 'AppDial2';
}
