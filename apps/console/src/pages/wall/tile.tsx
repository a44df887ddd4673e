import { memo, useCallback, useSyncExternalStore } from 'react';
import { elapsedText } from '../../time/elapsed.ts';
import { serverClock } from '../../time/server-clock.ts';
import { badgeClass } from '../../ui/state-badge.tsx';
import { wallCopy } from './copy.ts';
import type { LiveBoard } from './live-board.ts';
import type { TileNews } from './tile-news.ts';
import styles from './tile.module.css';

interface TileProps {
  readonly board: LiveBoard;
  readonly news: TileNews;
  readonly phoneKey: string;
}

/** One phone. Only its own changes render it; times pass without. How it looks follows from `data-state`. */
export const Tile = memo(function Tile({ board, news, phoneKey }: TileProps) {
  const subscribe = useCallback(
    (listener: () => void) => news.subscribe(phoneKey, listener),
    [news, phoneKey],
  );
  const phone = useSyncExternalStore(subscribe, () => board.phone(phoneKey));
  if (phone === undefined) return null;
  const { status, number, name, since, other, way } = phone;
  return (
    <button type="button" tabIndex={-1} className={styles.tile} data-key={phoneKey} data-state={status}>
      <i className={badgeClass} aria-hidden />
      <b>{number}</b>
      <span className={styles.name}>{name}</span>
      <span className={styles.word} data-way={way ?? undefined} data-other={other ?? undefined}>
        {wallCopy.words[status]}
      </span>
      <span key={since} className={styles.time} data-since={since}>
        {elapsedText(serverClock.now() - since)}
      </span>
    </button>
  );
});
