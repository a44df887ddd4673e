import type { ConnectionStatus } from '@trunkline/realtime-client';
import { useMemo, useSyncExternalStore } from 'react';
import { useRealtime } from './realtime-provider.tsx';

export interface ConnectionControls extends ConnectionStatus {
  /** False when the connection is not open. */
  send(message: Record<string, unknown>): boolean;
  connect(): void;
  disconnect(): void;
  forceReconnect(): Promise<boolean>;
}

/** How the connection stands, and what can be done about it. */
export function useConnection(): ConnectionControls {
  const { client } = useRealtime();
  const status = useSyncExternalStore(client.onStatus, client.getStatus, client.getStatus);
  return useMemo(() => {
    const { send, connect, disconnect, forceReconnection } = client;
    return { ...status, send, connect, disconnect, forceReconnect: forceReconnection };
  }, [client, status]);
}
