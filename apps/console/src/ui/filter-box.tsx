import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import styles from './filter-box.module.css';

const settleMs = 80;

interface FilterBoxProps {
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
}

/** What narrows a list while one types. `/` goes there, Escape clears it. */
export function FilterBox({ value, placeholder, onChange }: FilterBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = useRef(value);
  useShortcut('/', 'Filter', 'This page', () => input.current?.focus());
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      told.current = next;
      onChange(next);
    }, settleMs);
  };
  return (
    <label className={styles.box}>
      <Search size={16} aria-hidden />
      <input
        ref={input}
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => change(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (text === '') input.current?.blur();
          else change('');
        }}
      />
      {text !== '' && (
        <button type="button" aria-label="Clear the filter" onClick={() => change('')}>
          <X size={14} aria-hidden />
        </button>
      )}
    </label>
  );
}
