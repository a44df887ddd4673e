import { createClient } from '@trunkline/realtime-client';
import { indexedDbStorage } from '@trunkline/realtime-client/command-storage';
import { storeOf } from '@trunkline/realtime-client/store';
import { sharedSocket } from '@trunkline/realtime-client/tabs';

/** A page that shows nothing and tells a test what its client knows. */
const query = new URLSearchParams(
  (globalThis as unknown as { location: { search: string } }).location.search,
);
const madeUp = `h.${btoa(JSON.stringify({ sub: 'ana', tenant: 't1' })).replaceAll('=', '')}.s`;
const shares = query.has('share');

const client = createClient({
  token: query.get('token') ?? madeUp,
  url: query.get('url') ?? '/ws',
  topics: ['user:ana'],
  baseDelay: 100,
  maxDelay: 1_000,
  heartbeatInterval: 1_000,
  pongTimeout: 2_000,
  ...(shares ? { environment: { WebSocket: sharedSocket() } } : {}),
});
const journal: string[] = [];
const told: string[] = [];
client.on('notification', ({ notification }) => void journal.push(notification));
for (const name of ['connected', 'disconnected', 'reconnected', 'failed', 'health_degraded'] as const) {
  client.on(`connection:${name}`, () => void told.push(name));
}
storeOf(client).watch('calls');

Object.assign(globalThis, {
  lab: {
    client,
    told,
    journal,
    storage: indexedDbStorage(),
    isLive: () => client.isConnected && client.topicStatus('user:ana').state === 'live',
  },
});
