/* oxlint-disable unicorn/require-post-message-target-origin -- a channel has no other origin */
import { useRealtime } from '@trunkline/realtime-react';
import { createContext, use, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { useMay, usePerson } from '../session/session-provider.tsx';
import type { Settings } from '../settings/settings.ts';
import { settingsStore } from '../settings/use-settings.ts';
import { serverClock } from '../time/server-clock.ts';
import { callerOf } from './caller-of.ts';
import { incomingCopy } from './copy.ts';
import { createIncomingDesk, type IncomingDesk, type TabWord } from './incoming-desk.ts';
import type { Incoming, Ring } from './incoming.ts';
import { createNotices } from './notices.ts';
import { createRingSound, type RingSound, type SoundState } from './ring-sound.ts';

interface Here {
  readonly desk: IncomingDesk;
  readonly sound: RingSound;
}

const Context = createContext<Here | null>(null);

/** Watches for calls that ring, on every page, for whoever may see calls. */
export function IncomingProvider({ children }: { readonly children: ReactNode }) {
  const { client, store } = useRealtime();
  const mayRead = useMay('calls:read');
  const personId = usePerson()?.id ?? '';
  const here = useMemo(() => {
    const sound = createRingSound({ name: `trunkline-ring:${personId}`, settings: settingsStore });
    const desk = createIncomingDesk({
      client,
      store,
      sound,
      now: serverClock.now,
      watched: watchedOf,
      onWatched,
      tabs: tabsOf(personId),
    });
    return { desk, sound };
  }, [client, store, personId]);
  useEffect(() => {
    if (!mayRead) return undefined;
    const notices = createNotices({ isWanted: wantsNotices, show: showNotice });
    const follow = () => notices.follow(here.desk.read().rings);
    const forget = () => notices.follow(new Map());
    const stops = [forget, here.sound.start(), here.desk.subscribe(follow), here.desk.start()];
    return () => {
      for (const stop of stops.toReversed()) stop();
    };
  }, [here, mayRead]);
  return <Context value={here}>{children}</Context>;
}

export function useIncoming(): IncomingDesk & { readonly state: Incoming } {
  const { desk } = useHere();
  const state = useSyncExternalStore(desk.subscribe, desk.read);
  return { ...desk, state };
}

export function useSound(): RingSound & { readonly state: SoundState } {
  const { sound } = useHere();
  const state = useSyncExternalStore(sound.subscribe, sound.read);
  return { ...sound, state };
}

function useHere(): Here {
  const here = use(Context);
  if (here === null) throw new Error('nothing rings here: put an <IncomingProvider> around this');
  return here;
}

/** Whoever looks at this page sees the dialog. */
const wantsNotices = (): boolean =>
  settingsStore.get().notifies && Notification.permission === 'granted' && !document.hasFocus();

/** It makes no sound of its own: the ring does. By its tag several tabs show one. */
function showNotice(ring: Ring): Notification {
  const notice = new Notification(incomingCopy.title, {
    body: incomingCopy.announced(callerOf(ring), ring.phone),
    tag: ring.key,
    silent: true,
  });
  notice.addEventListener('click', () => {
    window.focus();
    notice.close();
  });
  return notice;
}

const watchedOf = () => {
  const { myPhones: mine, followsAll, ringsForAll } = settingsStore.get();
  return { mine, followsAll, ringsForAll };
};

/** Calls back when other phones are watched, and not for every setting. */
function onWatched(listener: () => void): () => void {
  const read = ({ myPhones, followsAll, ringsForAll }: Settings) =>
    JSON.stringify([myPhones, followsAll, ringsForAll]);
  let before = read(settingsStore.get());
  return settingsStore.subscribe(() => {
    const now = read(settingsStore.get());
    if (now === before) return;
    before = now;
    listener();
  });
}

/** What is silenced or dismissed in one tab is so in all of this person. */
function tabsOf(personId: string) {
  const channelName = `trunkline-incoming:${personId}`;
  let channel: BroadcastChannel | null = null;
  return {
    say: (word: TabWord) => channel?.postMessage(word),
    hear(listener: (word: TabWord) => void): () => void {
      const opened = new BroadcastChannel(channelName);
      channel = opened;
      opened.addEventListener('message', ({ data }: MessageEvent<TabWord>) => listener(data));
      return () => {
        opened.close();
        channel = null;
      };
    },
  };
}
