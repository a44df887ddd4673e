import { useSyncExternalStore } from 'react';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { useTick } from '../../time/use-tick.ts';
import { Button } from '../../ui/button.tsx';
import { wallCopy } from './copy.ts';
import type { LiveBoard } from './live-board.ts';
import styles from './pause.module.css';

export interface PauseControl {
  readonly isPaused: boolean;
  readonly toggle: () => void;
}

const useIsPaused = (board: LiveBoard): boolean => useSyncExternalStore(board.subscribe, board.isPaused);

/** The picture stands still, and says so; what comes meanwhile waits. */
export function usePause(board: LiveBoard): PauseControl {
  const isPaused = useIsPaused(board);
  const toggle = () => (isPaused ? board.resume() : board.pause());
  useShortcut('p', wallCopy.pause, wallCopy.section, toggle);
  return { isPaused, toggle };
}

export function PauseBand({ board }: { readonly board: LiveBoard }) {
  const isPaused = useIsPaused(board);
  useTick(isPaused);
  if (!isPaused) return null;
  const time = elapsedText(performance.now() - board.pausedAt());
  return (
    <p className={styles.band}>
      {wallCopy.paused(time, board.heldBack().toLocaleString('en'))}
      <Button onClick={() => board.resume()}>{wallCopy.resume}</Button>
    </p>
  );
}
