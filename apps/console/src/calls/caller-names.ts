import type { CallRow } from '@trunkline/realtime-client';
import type { LiveStore } from '@trunkline/realtime-client/store';
import type { Api } from '../api/api.ts';
import type { KnownParties } from './known-parties.ts';

/** Of a call that has just begun others follow: they are asked about together. */
const gatherMs = 300;
/** No more often than that, however many calls there are. */
const restMs = 1_000;
const afterFailureMs = 5_000;
/** The API takes no more at once. */
const askedMax = 40;

type Listener = (keys: readonly string[]) => void;
type Source = Pick<LiveStore, 'list' | 'get' | 'changed' | 'subscribe'>;

export type CallerNames = ReturnType<typeof createCallerNames>;

interface Answer {
  readonly items: readonly (KnownParties & Pick<CallRow, 'pbx' | 'call'>)[];
}

/**
 * Whom the API knows in the calls that are open: push tells numbers only, and masked ones to some. It is asked once a call, and again when a
 * party changes, while somebody listens; what it said is kept as long as the call goes on.
 */
export function createCallerNames(api: Pick<Api, 'ask'>, store: Source) {
  const known = new Map<string, { readonly parties: string; readonly named: KnownParties }>();
  const wanted = new Set<string>();
  const listeners = new Set<Listener>();
  let stop: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let version = 0;

  function hear(keys: readonly string[]): void {
    for (const key of keys) {
      const row = store.get('call', key);
      if (row === undefined || row.status === 'ended') {
        wanted.delete(key);
        if (row === undefined) known.delete(key);
      } else if (known.get(key)?.parties !== partiesOf(row)) wanted.add(key);
    }
    askAfter(gatherMs);
  }

  function askAfter(ms: number): void {
    if (timer !== undefined || isAsking || wanted.size === 0 || listeners.size === 0) return;
    timer = setTimeout(() => void ask(), ms);
  }

  async function ask(): Promise<void> {
    timer = undefined;
    if (wanted.size === 0) return;
    isAsking = true;
    const asked = new Map(
      [...wanted].slice(0, askedMax).map((key) => [key, partiesOf(store.get('call', key))]),
    );
    let next = restMs;
    try {
      const calls = new URLSearchParams([...asked.keys()].map((key) => ['call', key]));
      const { items } = await api.ask<Answer>(`/v1/calls/parties?${calls.toString()}`);
      const answers = new Map(items.map((item) => [`${item.pbx}/${item.call}`, item]));
      for (const [key, parties] of asked) {
        wanted.delete(key);
        if (store.get('call', key) !== undefined) known.set(key, { parties, named: answers.get(key) ?? {} });
      }
      tell([...answers.keys()]);
    } catch {
      next = afterFailureMs;
    }
    isAsking = false;
    // What changed meanwhile is asked about again.
    for (const [key, parties] of asked) if (parties !== partiesOf(store.get('call', key))) hear([key]);
    askAfter(next);
  }

  function tell(keys: readonly string[]): void {
    version += 1;
    for (const listener of listeners) listener(keys);
  }

  function start(): void {
    stop = store.subscribe('call', () => hear(store.changed('call')));
    hear(store.list('call').map(({ pbx, call }) => `${pbx}/${call}`));
  }

  return {
    /** Of the parties that take part now: nobody is ever called what another one was called before. */
    of: (key: string): KnownParties | undefined => {
      const told = known.get(key);
      return told?.parties === partiesOf(store.get('call', key)) ? told?.named : undefined;
    },
    /** Another number whenever a name is new. */
    version: (): number => version,
    subscribe: (listener: Listener): (() => void) => {
      listeners.add(listener);
      if (stop === undefined) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
        stop?.();
        stop = undefined;
        known.clear();
        wanted.clear();
      };
    },
  };
}

const partiesOf = (row: CallRow | undefined): string =>
  `${row?.callerNumber ?? ''}\n${row?.calleeNumber ?? ''}`;
