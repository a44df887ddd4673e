import type { TopicStatus } from '@trunkline/realtime-client';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useRealtime } from './realtime-provider.tsx';

/** Wants a topic as long as the component is there, and tells how fresh it is. Null: none. */
export function useTopic(topic: string | null): TopicStatus {
  const { client, store } = useRealtime();
  useEffect(() => (topic === null ? undefined : store.watch(topic)), [store, topic]);
  const subscribe = useCallback((listener: () => void) => client.on('topic:status', listener), [client]);
  const read = () => client.topicStatus(topic ?? '');
  return useSyncExternalStore(subscribe, read, read);
}
