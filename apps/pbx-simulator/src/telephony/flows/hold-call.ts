import type { Call } from '../call.ts';
import { OrderError, type Desk } from '../desk.ts';

/** A party puts the others on hold, or takes them back. */
export function holdCall(desk: Desk, call: Call, by: string, holds: boolean): void {
  const leg = call.legs.find((one) => one.line.number === by);
  if (leg === undefined || leg.bridge === null) throw new OrderError(`${by} talks to nobody in ${call.key}`);
  if (leg.holds === holds)
    throw new OrderError(`${by} ${holds ? 'has' : 'does not have'} ${call.key} on hold`);
  desk.board.hold(leg, holds);
  desk.changed(call);
}
