import type { CallRow, RealtimeClient } from '@trunkline/realtime-client';
import type { LiveStore } from '@trunkline/realtime-client/store';
import {
  afterIncoming,
  keyOfCall,
  nextChangeAt,
  nothingIncoming,
  wantsSound,
  type Incoming,
  type IncomingEvent,
} from './incoming.ts';
import type { Watched } from './rung-phone.ts';

type Client = Pick<RealtimeClient, 'on' | 'topicStatus' | 'getStatus'>;
type Store = Pick<LiveStore, 'list' | 'latest' | 'flush' | 'watch'>;

/** What one tab tells the others of the same person. */
export type TabWord = Extract<IncomingEvent, { type: 'silenced' | 'dismissed' }>;

export interface DeskWorld {
  readonly client: Client;
  readonly store: Store;
  /** By the server's clock. */
  readonly now: () => number;
  readonly watched: () => Watched;
  readonly onWatched: (listener: () => void) => () => void;
  readonly sound: { readonly ring: (isWanted: boolean) => void };
  readonly tabs: {
    readonly say: (word: TabWord) => void;
    readonly hear: (listener: (word: TabWord) => void) => () => void;
  };
}

export type IncomingDesk = ReturnType<typeof createIncomingDesk>;

const topic = 'calls';

/**
 * Keeps the dialogs of ringing calls. It listens to the client itself and not to what is drawn, so that a sound stops with
 * the word that ends its reason, also in a tab that draws nothing because nobody sees it.
 */
export function createIncomingDesk(world: DeskWorld) {
  const { client, store, sound, tabs } = world;
  const listeners = new Set<() => void>();
  let state = nothingIncoming;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function take(event: IncomingEvent): void {
    const at = world.now();
    const next = afterIncoming(state, event, { at, watched: world.watched() });
    const isNew = next !== state;
    state = next;
    sound.ring(wantsSound(state, at));
    wait(at);
    if (isNew) for (const listener of listeners) listener();
  }

  function wait(at: number): void {
    clearTimeout(timer);
    const due = nextChangeAt(state, at);
    if (due !== null) timer = setTimeout(() => take({ type: 'time' }), Math.max(0, due - at));
  }

  /** What is merged counts, shown or not: a word that came late and tells less than is known changes nothing. */
  const known = (rows: readonly CallRow[]): CallRow[] =>
    rows.flatMap((row) => store.latest('call', keyOfCall(row)) ?? { ...row, status: 'ended' as const });
  /** Also what has been merged since the last frame. */
  function everything(): readonly CallRow[] {
    store.flush();
    return store.list('call');
  }
  const isLive = (): boolean => client.topicStatus(topic).state === 'live';

  function start(): () => void {
    const stops = [
      store.watch(topic),
      client.on('message', ({ type, rows }) => {
        if (type !== 'new_call' && type !== 'call_update') return;
        take({ type: 'calls', calls: known(rows), isLive: isLive(), isAll: false });
      }),
      client.on('topic:snapshot', ({ topic: of, rows }) => {
        if (of === topic) take({ type: 'calls', calls: everything(), isLive: false, isAll: true });
        if (of !== 'pbx') return;
        for (const { pbx, open } of rows.link_update ?? []) {
          if (open) linkOpen(pbx);
        }
      }),
      client.on('call-state:reset', ({ pbx }) => {
        if (pbx === null) take({ type: 'connection-lost' });
        else take({ type: 'link', pbx, isOpen: false, calls: [] });
      }),
      client.on('pbx-connected', ({ pbx }) => linkOpen(pbx)),
      client.on('link_update', ({ pbx, open }) => open && linkOpen(pbx)),
      client.on('topic:status', ({ topic: of, status }) => {
        if (of !== topic || status.state !== 'live' || state.isConnected) return;
        take({ type: 'connection-back', calls: everything() });
      }),
      world.onWatched(() => take({ type: 'watched', calls: everything() })),
      tabs.hear(take),
    ];
    take({ type: 'watched', calls: everything() });
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      state = nothingIncoming;
      sound.ring(false);
    };
  }

  function linkOpen(pbx: string): void {
    if (state.lost.has(pbx)) take({ type: 'link', pbx, isOpen: true, calls: everything() });
  }

  const act = (word: TabWord): void => {
    take(word);
    tabs.say(word);
  };

  return {
    start,
    read: (): Incoming => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    silence: (key: string) => act({ type: 'silenced', key }),
    dismiss: (key: string) => act({ type: 'dismissed', key }),
  };
}
