import { useRealtime } from '@trunkline/realtime-react';
import { useSyncExternalStore } from 'react';

/** How many calls are open; in the rail. */
export function LiveCount() {
  const { store } = useRealtime();
  const count = useSyncExternalStore(
    (listener) => store.subscribe('call', listener),
    () => {
      const { ended: _ended, ...open } = store.tally('call');
      return Object.values(open).reduce((sum, some) => sum + some, 0);
    },
  );
  return count === 0 ? null : count;
}
