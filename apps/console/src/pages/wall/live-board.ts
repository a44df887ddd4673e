import type { LiveStore } from '@trunkline/realtime-client/store';
import type { CallerNames } from '../../calls/caller-names.ts';
import { named } from '../../calls/known-parties.ts';
import { createBoard, type BoardView, type Section } from './board.ts';
import type { Counts } from './counts.ts';
import type { Phone } from './phone.ts';

type Listener = () => void;

/** With some states wanted, phones come and go as they change: so often the order is made anew. */
const arrangeMs = 500;

export type LiveBoard = ReturnType<typeof createLiveBoard>;

/**
 * The board of a store, outside of React. Tiles listen to their own phone; the rest listens to order and counts. Everything
 * is told within the one flush of the store for a frame.
 */
export function createLiveBoard(store: LiveStore, names: CallerNames | null = null) {
  const board = createBoard({
    extension: (key) => store.get('extension', key),
    call: (key) => {
      const row = store.get('call', key);
      return row === undefined ? undefined : named(row, names?.of(key));
    },
  });
  const tiles = new Map<string, Set<Listener>>();
  const others = new Set<Listener>();
  /** While paused: keys whose news waits. */
  let waiting: { extensions: Set<string>; calls: Set<string> } | null = null;
  let pausedAt = 0;
  let heldBack = 0;
  let sections: readonly Section[] = [];
  let arrangeTimer: ReturnType<typeof setTimeout> | undefined;
  let view: BoardView | null = null;

  function hear(extensions: readonly string[], calls: readonly string[]): void {
    if (waiting !== null) {
      for (const key of extensions) waiting.extensions.add(key);
      for (const key of calls) waiting.calls.add(key);
      heldBack += extensions.length + calls.length;
      return tell();
    }
    const before = board.counts();
    const size = board.size();
    const changed = board.apply(extensions, calls);
    for (const key of changed) for (const listener of tiles.get(key) ?? []) listener();
    const isStable = (view?.states.length ?? 0) === 0 || board.size() !== size;
    const moved = isStable ? arrange() : arrangeSoon();
    if (moved || board.counts() !== before) tell();
  }

  function arrange(): boolean {
    clearTimeout(arrangeTimer);
    arrangeTimer = undefined;
    const next = board.sections();
    const moved = next !== sections;
    sections = next;
    return moved;
  }

  function arrangeSoon(): boolean {
    arrangeTimer ??= setTimeout(() => {
      if (arrange()) tell();
    }, arrangeMs);
    return false;
  }

  function tell(): void {
    for (const listener of others) listener();
  }

  return {
    /** From now on it follows the store. Returns how to stop. */
    follow(): () => void {
      hear(
        store.list('extension').map(({ pbx, extension }) => `${pbx}/${extension}`),
        store.list('call').map(({ pbx, call }) => `${pbx}/${call}`),
      );
      const stops = [
        store.subscribe('extension', () => hear(store.changed('extension'), [])),
        store.subscribe('call', () => hear([], store.changed('call'))),
        names?.subscribe((keys) => hear([], keys)) ?? (() => undefined),
      ];
      return () => {
        clearTimeout(arrangeTimer);
        for (const stop of stops) stop();
      };
    },
    look(next: BoardView): void {
      view = next;
      board.look(next);
      arrange();
      tell();
    },
    pause(): void {
      waiting ??= { extensions: new Set(), calls: new Set() };
      pausedAt = performance.now();
      heldBack = 0;
      tell();
    },
    resume(): void {
      const missed = waiting;
      waiting = null;
      if (missed !== null) hear([...missed.extensions], [...missed.calls]);
      tell();
    },
    isPaused: (): boolean => waiting !== null,
    pausedAt: (): number => pausedAt,
    heldBack: (): number => heldBack,
    phone: (key: string): Phone | undefined => board.phone(key),
    sections: (): readonly Section[] => sections,
    counts: (): Counts => board.counts(),
    countsOf: board.countsOf,
    size: board.size,
    engaged: board.engaged,
    /** Order, counts and pause. */
    subscribe: (listener: Listener) => {
      others.add(listener);
      return () => void others.delete(listener);
    },
    subscribeTile: (key: string, listener: Listener) => {
      const listeners = tiles.get(key) ?? new Set<Listener>();
      tiles.set(key, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && tiles.get(key) === listeners) tiles.delete(key);
      };
    },
  };
}
