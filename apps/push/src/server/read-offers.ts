import { bearerPrefix, subprotocol } from '@trunkline/realtime-protocol';

/** What a client offers in `Sec-WebSocket-Protocol`. */
export interface Offers {
  readonly speaksOurs: boolean;
  readonly token: string | null;
}

/** [AUTH1] The token travels as a subprotocol of its own, since browsers can set no header. */
export function readOffers(header: string | undefined): Offers {
  const offers = (header ?? '').split(',').map((offer) => offer.trim());
  const bearer = offers.find((offer) => offer.startsWith(bearerPrefix));
  return {
    speaksOurs: offers.includes(subprotocol),
    token: bearer === undefined ? null : bearer.slice(bearerPrefix.length),
  };
}
