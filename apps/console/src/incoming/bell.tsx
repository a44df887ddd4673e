import { Bell as BellIcon, BellOff, BellRing } from 'lucide-react';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { settingsStore, useSettings } from '../settings/use-settings.ts';
import { openSettings } from '../shell/panels.ts';
import { momentText } from '../time/moment.ts';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';
import styles from './bell.module.css';
import { incomingCopy } from './copy.ts';
import { useSound } from './incoming-provider.tsx';
import type { SoundState } from './ring-sound.ts';

const copy = incomingCopy.bell;
const snoozeMs = 15 * 60_000;

type BellState = SoundState | 'none';

/** Whether calls are heard on this device: off is a state that one sees. */
export function Bell() {
  const { state, unlock, test } = useSound();
  const { myPhones, followsAll, ringsForAll, volume, isMuted, snoozedUntil, zone } = useSettings();
  const toggle = () => settingsStore.set({ isMuted: !settingsStore.get().isMuted });
  useShortcut('m', incomingCopy.keys.mute, incomingCopy.keys.section, toggle);
  const ringsAny = myPhones.length > 0 || (followsAll && ringsForAll);
  const shown: BellState = ringsAny || state === 'muted' ? state : 'none';
  const isOn = shown === 'ready' || shown === 'ringing';
  // What stands beside the sign is a part of the name as well.
  const words = shown === 'blocked' ? copy.allow : isOn ? String(volume) : null;
  const isSnoozed = snoozedUntil > Date.now();
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={styles.bell}
          data-state={shown}
          aria-label={`${copy.label}: ${copy.states[shown]}${words === null ? '' : ` · ${words}`}`}
          title={copy.states[shown]}
        >
          <Sign state={shown} />
          {words !== null && <span className={styles.words}>{words}</span>}
        </button>
      }
    >
      <MenuLabel>
        {shown === 'snoozed' ? copy.until(momentText(snoozedUntil, Date.now(), zone)) : copy.states[shown]}
      </MenuLabel>
      {shown === 'blocked' && <MenuItem onSelect={unlock}>{copy.allow}</MenuItem>}
      <MenuItem onSelect={toggle}>{isMuted ? copy.unmute : copy.mute}</MenuItem>
      <MenuItem onSelect={() => settingsStore.set({ snoozedUntil: isSnoozed ? 0 : Date.now() + snoozeMs })}>
        {isSnoozed ? copy.wake : copy.snooze}
      </MenuItem>
      <MenuItem onSelect={() => void test()}>{copy.test}</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={openSettings}>{copy.choose}</MenuItem>
    </Menu>
  );
}

function Sign({ state }: { readonly state: BellState }) {
  if (state === 'ringing') return <BellRing size={18} aria-hidden />;
  if (state === 'ready') return <BellIcon size={18} aria-hidden />;
  return <BellOff size={18} aria-hidden />;
}
