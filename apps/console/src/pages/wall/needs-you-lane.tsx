import { StateBadge } from '../../ui/state-badge.tsx';
import { useSettings } from '../../settings/use-settings.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { serverClock } from '../../time/server-clock.ts';
import { useTick } from '../../time/use-tick.ts';
import { wallCopy } from './copy.ts';
import type { LiveBoard } from './live-board.ts';
import { needsYouOf } from './needs-you.ts';
import styles from './needs-you-lane.module.css';

/** Who waits or talks for too long. It stays where it is also when there is nobody, so that nothing below it jumps. */
export function NeedsYouLane({
  board,
  onOpen,
}: {
  readonly board: LiveBoard;
  readonly onOpen: (key: string) => void;
}) {
  const { ringingLongSeconds, talkingLongMinutes } = useSettings();
  useTick();
  const now = serverClock.now();
  const limits = { ringingMs: ringingLongSeconds * 1_000, talkingMs: talkingLongMinutes * 60_000 };
  const phones = needsYouOf(board.engaged(), limits, now);
  return (
    <section className={styles.lane} aria-label={wallCopy.needsYou}>
      <h2 className={styles.title}>{wallCopy.needsYou}</h2>
      {phones.length === 0 && <span className={styles.nobody}>{wallCopy.nobodyNeeds}</span>}
      <ul>
        {phones.map(({ key, number, status, since }) => (
          <li key={key}>
            <button type="button" className={styles.item} data-state={status} onClick={() => onOpen(key)}>
              <StateBadge state={status} />
              <b>{number}</b>
              {wallCopy.words[status].toLowerCase()}
              <span className={styles.time}>{elapsedText(now - since)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
