import { useSyncExternalStore } from 'react';
import { createSettingsStore, type Settings } from './settings.ts';

/** The settings of this device. */
export const settingsStore = createSettingsStore();

export function useSettings(): Settings {
  return useSyncExternalStore(settingsStore.subscribe, settingsStore.get);
}
