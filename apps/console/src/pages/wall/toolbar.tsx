import { useRows } from '@trunkline/realtime-react';
import { Maximize, Pause, Play, Search, SlidersHorizontal } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { nameOfLink } from '../../links/link-words.ts';
import { IconButton } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { wallCopy } from './copy.ts';
import type { ChangeAddress } from './page.tsx';
import type { PauseControl } from './pause.tsx';
import styles from './toolbar.module.css';
import type { WallAddress } from './wall-address.ts';

interface ToolbarProps {
  readonly address: WallAddress;
  readonly onChange: ChangeAddress;
  readonly pause: PauseControl;
}

/** Somebody who types is not disturbed by each letter. */
const settleMs = 80;

export function Toolbar({ address, onChange, pause }: ToolbarProps) {
  const enterWall = () => {
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
    onChange({ isWall: true, phone: null });
  };
  return (
    <>
      <Filter text={address.text} onChange={onChange} />
      <ViewMenu address={address} onChange={onChange} />
      <span className={styles.rest} />
      <IconButton
        className={styles.wide ?? ''}
        label={pause.isPaused ? wallCopy.resume : wallCopy.pause}
        aria-pressed={pause.isPaused}
        onClick={pause.toggle}
      >
        {pause.isPaused ? <Play size={18} aria-hidden /> : <Pause size={18} aria-hidden />}
      </IconButton>
      <IconButton className={styles.wide ?? ''} label={wallCopy.wallMode} onClick={enterWall}>
        <Maximize size={18} aria-hidden />
      </IconButton>
    </>
  );
}

function Filter({ text, onChange }: { readonly text: string; readonly onChange: ChangeAddress }) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const said = useRef(text);
  useShortcut('/', wallCopy.keys.filter, wallCopy.section, () => input.current?.focus());
  useEffect(() => {
    // The address was changed elsewhere, such as by Escape or the way back.
    if (text !== said.current) setTyped(text);
    said.current = text;
  }, [text]);
  useEffect(() => {
    if (typed === said.current) return undefined;
    const timer = setTimeout(() => {
      said.current = typed;
      onChange({ text: typed }, { replace: true });
    }, settleMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <label className={styles.filter}>
      <Search size={16} aria-hidden />
      <span className="visually-hidden">{wallCopy.filter}</span>
      <input
        ref={input}
        type="search"
        value={typed}
        placeholder={wallCopy.filterHint}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}

function ViewMenu({ address, onChange }: Omit<ToolbarProps, 'pause'>) {
  const links = useRows('link');
  return (
    <Popover
      label={wallCopy.view}
      align="start"
      trigger={
        <IconButton label={wallCopy.view} data-on={address.group !== null || undefined}>
          <SlidersHorizontal size={18} aria-hidden />
        </IconButton>
      }
    >
      <div className={styles.view}>
        <label>
          {wallCopy.group}
          <select
            value={address.group ?? ''}
            onChange={({ target }) => onChange({ group: target.value === '' ? null : target.value })}
          >
            <option value="">{wallCopy.allGroups}</option>
            {links.map((link) => (
              <option key={link.pbx} value={link.pbx}>
                {nameOfLink(link)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {wallCopy.groupBy}
          <select
            value={address.groupBy}
            onChange={({ target }) => onChange({ groupBy: target.value === 'range' ? 'range' : 'pbx' })}
          >
            {Object.entries(wallCopy.groupings).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label>
          {wallCopy.order}
          <select
            value={address.order}
            onChange={({ target }) => onChange({ order: target.value === 'name' ? 'name' : 'number' })}
          >
            {Object.entries(wallCopy.orders).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </div>
    </Popover>
  );
}
