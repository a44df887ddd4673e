import type { RealtimeClient } from '../client.ts';
import { createCallState } from './call-state.ts';
import { createStore, type RowsByTypeName, type Store } from './store.ts';

/** What a client has heard, to look at. */
export interface LiveStore extends Store {
  /**
   * Wants a topic, counted, and keeps what it tells. Whoever shows calls or phones hears of lost PBXs as well, so that no
   * dialog stays open for a call that nobody can tell of any more.
   */
  watch(topic: string): () => void;
  /** Takes what was read elsewhere while no connection could be had. It counts for so long. */
  takePolled(topic: string, rows: RowsByTypeName, forMs: number): void;
}

const stores = new WeakMap<RealtimeClient, LiveStore>();

/** The one store of a client. From the first call on it keeps what the client hears. */
export function storeOf(client: RealtimeClient): LiveStore {
  const known = stores.get(client);
  if (known !== undefined) return known;
  const store = createStore(client.environment);
  const callState = createCallState((reset) => client.events.emit('call-state:reset', reset));

  client.on('message', ({ topic, type, rows }) => {
    for (const row of rows) {
      store.merge(topic, type, row);
      callState.hear(type, row, false);
    }
  });
  client.on('topic:snapshot', ({ topic, rows, reason }) => {
    store.replace(topic, rows, reason === 'lost');
    for (const [type, some] of Object.entries(rows)) {
      for (const row of some) callState.hear(type, row, true);
    }
  });
  client.on('topic:forgotten', ({ topic }) => store.forget(topic));
  client.on('lost', callState.connectionLost);

  const live: LiveStore = {
    ...store,
    watch(topic) {
      const stops = [client.subscribe(topic)];
      if (/^(calls|extensions)/.test(topic)) stops.push(client.subscribe('pbx'));
      return () => {
        for (const stop of stops) stop();
      };
    },
    takePolled(topic, rows, forMs) {
      store.replace(topic, rows, false);
      client.topics.polled([topic], forMs);
    },
  };
  stores.set(client, live);
  return live;
}
