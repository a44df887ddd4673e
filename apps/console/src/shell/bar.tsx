import { Moon, Sun } from 'lucide-react';
import { createPortal } from 'react-dom';
import { Bell } from '../incoming/bell.tsx';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { initialsOf } from '../session/access.ts';
import { usePerson, useSession, useSessionState } from '../session/session-provider.tsx';
import { settingsStore, useSettings } from '../settings/use-settings.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';
import { ConnectionIndicator } from './connection-indicator.tsx';
import { shellCopy } from './copy.ts';
import { openHelp, openSettings } from './panels.ts';
import styles from './bar.module.css';

const toolsListeners = new Set<() => void>();
let toolsElement: HTMLElement | null = null;

function putTools(element: HTMLElement | null): void {
  toolsElement = element;
  for (const listener of toolsListeners) listener();
}

const subscribeTools = (listener: () => void) => {
  toolsListeners.add(listener);
  return () => void toolsListeners.delete(listener);
};

/** What a page puts into the bar, such as its filter. */
export function BarTools({ children }: { readonly children: ReactNode }) {
  const element = useSyncExternalStore(subscribeTools, () => toolsElement);
  return element === null ? null : createPortal(children, element);
}

export function Bar({ title }: { readonly title: string }) {
  const { zone } = useSettings();
  return (
    <header className={styles.bar}>
      <h1 className={styles.title}>{title}</h1>
      <div className={styles.tools} ref={putTools} />
      {zone !== 'local' && (
        <button type="button" className={styles.zone} title={shellCopy.zone(zone)} onClick={openSettings}>
          {zone}
        </button>
      )}
      <Bell />
      <ConnectionIndicator />
      <ThemeButton />
      <Account />
    </header>
  );
}

function ThemeButton() {
  useSettings();
  const [, look] = useState(0);
  const isDark = document.documentElement.dataset['theme'] === 'dark';
  const toggle = () => {
    settingsStore.set({ theme: isDark ? 'light' : 'dark' });
    look((count) => count + 1);
  };
  return (
    <IconButton
      className={styles.theme ?? ''}
      label={isDark ? shellCopy.theme.toLight : shellCopy.theme.toDark}
      onClick={toggle}
    >
      {isDark ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
    </IconButton>
  );
}

function Account() {
  const person = usePerson();
  const { name: state } = useSessionState();
  const { session } = useSession();
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={styles.account}
          aria-label={person === null ? shellCopy.account : `${shellCopy.account}: ${person.name}`}
        >
          {person === null ? '–' : initialsOf(person.name)}
        </button>
      }
    >
      {person !== null && (
        <MenuLabel>
          <b>{person.name}</b>
          {person.roles.length > 0 && ` · ${person.roles.join(', ')}`}
        </MenuLabel>
      )}
      <MenuItem onSelect={openSettings}>{shellCopy.settings}</MenuItem>
      <MenuItem onSelect={openHelp}>{shellCopy.shortcuts}</MenuItem>
      <MenuSeparator />
      {state === 'signed-in' ? (
        <MenuItem onSelect={() => void session.signOut()}>{shellCopy.signOut}</MenuItem>
      ) : (
        <MenuItem onSelect={() => void session.signIn()}>{shellCopy.signIn}</MenuItem>
      )}
    </Menu>
  );
}
