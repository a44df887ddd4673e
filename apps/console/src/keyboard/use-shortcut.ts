import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { settingsStore } from '../settings/use-settings.ts';
import { createShortcuts, type Shortcut } from './shortcuts.ts';

const shortcuts = createShortcuts();

/** Does something by a key while the component is there. */
export function useShortcut(keys: string, label: string, section: string, run: (() => void) | null): void {
  const isWanted = run !== null;
  const runLatest = useEffectEvent(() => run?.());
  useEffect(
    () => (isWanted ? shortcuts.register({ keys, label, section, run: () => runLatest() }) : undefined),
    [keys, label, section, isWanted],
  );
}

export const useShortcutList = (): readonly Shortcut[] =>
  useSyncExternalStore(shortcuts.subscribe, shortcuts.list);

/** From now on keys count. Escape counts also where single keys are switched off. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    const { key, ctrlKey, metaKey, altKey, isComposing } = event;
    const isSingle = !ctrlKey && !metaKey && key !== 'Escape';
    if (isSingle && !settingsStore.get().shortcuts) return;
    const pressed = { key, ctrlKey, metaKey, altKey, isComposing, isTyping: isTypingIn(event.target) };
    if (shortcuts.press(pressed)) event.preventDefault();
  });
}

function isTypingIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
