import type { RealtimeClient } from '@trunkline/realtime-client';
import { storeOf, type LiveStore } from '@trunkline/realtime-client/store';
import { createContext, use, useMemo, type ReactNode } from 'react';

export interface Realtime {
  readonly client: RealtimeClient;
  readonly store: LiveStore;
}

const Context = createContext<Realtime | null>(null);

/**
 * Gives a client to everything below. The client lives outside of React, so that mounting twice, hot reloading and suspending
 * never open a second socket.
 */
export function RealtimeProvider({
  client,
  children,
}: {
  readonly client: RealtimeClient;
  readonly children?: ReactNode;
}) {
  const value = useMemo(() => ({ client, store: storeOf(client) }), [client]);
  return <Context value={value}>{children}</Context>;
}

export function useRealtime(): Realtime {
  const realtime = use(Context);
  if (realtime === null) throw new Error('no client here: put a <RealtimeProvider client={…}> around this');
  return realtime;
}
