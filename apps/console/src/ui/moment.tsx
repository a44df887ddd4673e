import { useSettings } from '../settings/use-settings.ts';
import { serverClock } from '../time/server-clock.ts';
import { agoText, elapsedText } from '../time/elapsed.ts';
import { exactText, momentText } from '../time/moment.ts';
import { useTick } from '../time/use-tick.ts';
import { Tooltip } from './tooltip.tsx';

interface MomentProps {
  /** ISO 8601, or milliseconds since 1970. */
  readonly at: string | number;
  /** `clock`: 14:02:11; `ago`: 4 min ago; `elapsed`: 04:37. */
  readonly as?: 'clock' | 'ago' | 'elapsed';
  /** Within something that can be pressed: no stop of Tab and no tooltip of its own. */
  readonly isPlain?: boolean;
}

/** A moment, and the exact one for those who point at it or come by with Tab. */
export function Moment({ at, as = 'clock', isPlain = false }: MomentProps) {
  const { zone } = useSettings();
  useTick(as !== 'clock');
  const time = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(time)) return <span>—</span>;
  const now = serverClock.now();
  const text =
    as === 'clock'
      ? momentText(time, now, zone)
      : as === 'ago'
        ? agoText(now - time)
        : elapsedText(now - time);
  if (isPlain) return <time dateTime={new Date(time).toISOString()}>{text}</time>;
  const more = as === 'clock' ? agoText(now - time) : momentText(time, now, zone);
  return (
    <Tooltip text={`${exactText(time, zone)} · ${more}`}>
      <time dateTime={new Date(time).toISOString()} tabIndex={0}>
        {text}
      </time>
    </Tooltip>
  );
}
