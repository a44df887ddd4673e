import type { Settings } from '../settings/settings.ts';
import { createAudio } from './audio.ts';
import { createRingLock, type RingLock } from './ring-lock.ts';
import { startRinging, type Ringing } from './ring-tone.ts';

/** Whether a ring would be heard on this device, and whether one is. */
export type SoundState = 'blocked' | 'muted' | 'snoozed' | 'ready' | 'ringing';

export interface SoundWorld {
  /** Tabs of the same name share one ring. */
  readonly name: string;
  readonly settings: {
    readonly get: () => Settings;
    readonly subscribe: (listener: () => void) => () => void;
  };
}

export type RingSound = ReturnType<typeof createRingSound>;

/** "Test" rings for so long. */
const testMs = 2_500;

/**
 * One loop, however many calls ring, in one of the tabs of a person. Whatever happens, `evaluate` decides: it sounds while it
 * is wanted, allowed, not muted, and this tab holds the lock.
 */
export function createRingSound({ name, settings }: SoundWorld) {
  const listeners = new Set<() => void>();
  let isWanted = false;
  let isTested = false;
  let ringing: Ringing | null = null;
  let snoozeTimer: ReturnType<typeof setTimeout> | undefined;
  let state: SoundState = 'blocked';
  const audio = createAudio(evaluate);
  let lock: RingLock | null = null;

  function evaluate(): void {
    const { volume } = settings.get();
    const wants = isWanted && audio.isRunning() && quietReason() === null;
    // A tab that may not sound leaves the ring to another.
    lock?.want(wants);
    sound((wants && lock?.isHeld() === true) || (isTested && audio.isRunning()), volume / 100);
    become(ringing !== null ? 'ringing' : (quietReason() ?? (audio.isRunning() ? 'ready' : 'blocked')));
  }

  function sound(isOn: boolean, volume: number): void {
    const context = audio.context();
    if (isOn && ringing === null && context !== null) ringing = startRinging(context, volume);
    else if (isOn) ringing?.setVolume(volume);
    if (isOn) return;
    ringing?.stop();
    ringing = null;
  }

  function quietReason(): 'muted' | 'snoozed' | null {
    const { isMuted, snoozedUntil } = settings.get();
    if (isMuted) return 'muted';
    return snoozedUntil > Date.now() ? 'snoozed' : null;
  }

  function onSettings(): void {
    clearTimeout(snoozeTimer);
    const leftMs = settings.get().snoozedUntil - Date.now();
    if (leftMs > 0) snoozeTimer = setTimeout(evaluate, leftMs);
    evaluate();
  }

  function become(next: SoundState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  const onVisible = () => {
    if (!document.hidden && isWanted && audio.isRunning()) lock?.steal();
  };

  return {
    read: (): SoundState => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ring: (wanted: boolean): void => {
      const begins = wanted && !isWanted;
      isWanted = wanted;
      if (wanted && !audio.isRunning()) void audio.unlock();
      evaluate();
      if (begins && document.hasFocus()) onVisible();
    },
    unlock: () => void audio.unlock(),
    test: async (): Promise<void> => {
      await audio.unlock();
      isTested = true;
      evaluate();
      setTimeout(() => {
        isTested = false;
        evaluate();
      }, testMs);
    },
    start: (): (() => void) => {
      lock = createRingLock(name, evaluate);
      document.addEventListener('visibilitychange', onVisible);
      const stops = [audio.start(), settings.subscribe(onSettings)];
      onSettings();
      return () => {
        isWanted = false;
        evaluate();
        lock = null;
        clearTimeout(snoozeTimer);
        document.removeEventListener('visibilitychange', onVisible);
        for (const stop of stops) stop();
      };
    },
  };
}
