import { createClient, crm, type RealtimeClient } from '@trunkline/realtime-client';
import { storeOf } from '@trunkline/realtime-client/store';
import { sharedSocket } from '@trunkline/realtime-client/tabs';
import type { Config } from '../session/config.ts';
import type { Session } from '../session/session.ts';
import { logConnection } from './connection-log.ts';

/** A wall has nobody to press Retry: it begins anew by itself after this. */
const wallRetryMs = 30_000;

/**
 * The one connection of this page; all tabs of a person share a socket. Its store is outside of React and shows what came
 * once a frame.
 */
export function createLive(session: Session, config: Config): RealtimeClient {
  const client = createClient({
    preset: crm,
    url: config.pushUrl ?? '/ws',
    getToken: (wanted) => session.getToken(wanted),
    environment: { WebSocket: sharedSocket() },
  });
  storeOf(client);
  logConnection(client);
  client.on('connection:auth_failed', () => session.end());
  client.on('connection:max_attempts_reached', () => {
    if (new URLSearchParams(location.search).get('mode') !== 'wall') return;
    setTimeout(() => client.connect(), wallRetryMs);
  });
  let wasIn = false;
  const follow = () => {
    const isIn = session.state.name === 'signed-in';
    if (isIn && !wasIn) {
      client.connect();
      client.tokenChanged();
    }
    if (wasIn && !isIn && session.state.name !== 'ended') client.disconnect();
    wasIn = isIn;
  };
  session.subscribe(follow);
  follow();
  return client;
}
