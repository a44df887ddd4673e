import { useCallback, useSyncExternalStore } from 'react';
import { everySecond, secondsNow } from './ticker.ts';

const never = () => () => {};

/** Renders once a second while wanted. Boards of many tiles write their times themselves and don't use this. */
export function useTick(isWanted = true): void {
  const subscribe = useCallback(
    (listener: () => void) => (isWanted ? everySecond(listener) : never()),
    [isWanted],
  );
  useSyncExternalStore(subscribe, secondsNow);
}
