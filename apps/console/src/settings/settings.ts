import * as v from 'valibot';
import { isZone } from '../time/moment.ts';

/** What a person has chosen for this device. What is not readable counts as not chosen. */
const settingsShape = v.object({
  theme: v.fallback(v.picklist(['system', 'light', 'dark']), 'system'),
  density: v.fallback(v.picklist(['comfortable', 'compact']), 'comfortable'),
  zone: v.fallback(v.pipe(v.string(), v.check(isZone)), 'local'),
  /** Single keys do something. */
  shortcuts: v.fallback(v.boolean(), true),
  /** Longer ringing needs somebody. */
  ringingLongSeconds: v.fallback(v.pipe(v.number(), v.minValue(5), v.maxValue(600)), 20),
  /** Calls that last longer are looked at. */
  talkingLongMinutes: v.fallback(v.pipe(v.number(), v.minValue(1), v.maxValue(1_440)), 30),
  isRailNarrow: v.fallback(v.boolean(), false),
  closedGroups: v.fallback(v.array(v.string()), []),
  /** Phones of whoever sits here: `1042`, or `<pbx>/1042`. Their calls open a dialog and ring. */
  myPhones: v.fallback(v.array(v.string()), []),
  /** Calls of all other phones open a dialog as well. */
  followsAll: v.fallback(v.boolean(), false),
  ringsForAll: v.fallback(v.boolean(), false),
  /** Of a ring, in hundredths. */
  volume: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(100)), 60),
  isMuted: v.fallback(v.boolean(), false),
  /** Milliseconds since 1970; nothing rings before. */
  snoozedUntil: v.fallback(v.number(), 0),
  /** A call that rings while another window is in front is told by the system. */
  notifies: v.fallback(v.boolean(), false),
  /** An incoming call is read out by screen readers. */
  announces: v.fallback(v.boolean(), true),
});

export type Settings = v.InferOutput<typeof settingsShape>;

const key = 'trunkline.settings';
export const defaultSettings: Settings = v.parse(settingsShape, {
  theme: null,
  density: null,
  zone: null,
  shortcuts: null,
  ringingLongSeconds: null,
  talkingLongMinutes: null,
  isRailNarrow: null,
  closedGroups: null,
  myPhones: null,
  followsAll: null,
  ringsForAll: null,
  volume: null,
  isMuted: null,
  snoozedUntil: null,
  notifies: null,
  announces: null,
});

export function parseSettings(text: string | null): Settings {
  try {
    const stored: unknown = JSON.parse(text ?? '{}');
    return v.parse(settingsShape, { ...defaultSettings, ...(stored as object) });
  } catch {
    return defaultSettings;
  }
}

export type SettingsStore = ReturnType<typeof createSettingsStore>;

/** Applied at once, in all tabs of this device. */
export function createSettingsStore(storage: Storage = localStorage) {
  const listeners = new Set<() => void>();
  let settings = parseSettings(storage.getItem(key));

  function become(next: Settings): void {
    settings = next;
    for (const listener of listeners) listener();
  }

  addEventListener('storage', (event) => {
    if (event.key === key) become(parseSettings(event.newValue));
  });

  return {
    get: (): Settings => settings,
    set: (change: Partial<Settings>): void => {
      become({ ...settings, ...change });
      try {
        storage.setItem(key, JSON.stringify(settings));
      } catch {
        // The storage is full or forbidden; it counts until the page is closed.
      }
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
