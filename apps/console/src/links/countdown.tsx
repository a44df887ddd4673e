import { countdownText } from '../time/elapsed.ts';
import { serverClock } from '../time/server-clock.ts';
import { useTick } from '../time/use-tick.ts';
import { Moment } from '../ui/moment.tsx';
import { linksCopy } from './copy.ts';

/** What is left until a moment; with `clock` the moment itself before it, as a block that ends has. */
export function Countdown({ to, withClock = false }: { readonly to: string; readonly withClock?: boolean }) {
  useTick();
  const left = countdownText(Date.parse(to) - serverClock.now());
  if (!withClock) return <span>{linksCopy.inTime(left)}</span>;
  return (
    <span>
      <Moment at={to} /> ({left})
    </span>
  );
}
