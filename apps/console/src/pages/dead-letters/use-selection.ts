import { useRef, useState } from 'react';

/** Ids that were selected; they stay selected while rows come, go and are paged. With Shift: all from the last one on. */
export function useSelection(shown: readonly string[]) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(null);
  const toggle = (id: string, isRange: boolean) => {
    setSelected((before) => {
      const next = new Set(before);
      const from = last.current === null ? -1 : shown.indexOf(last.current);
      const to = shown.indexOf(id);
      const range = isRange && from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
      const isOn = !before.has(id);
      for (const each of range)
        if (isOn) next.add(each);
        else next.delete(each);
      last.current = id;
      return next;
    });
  };
  return { selected, toggle, all: () => setSelected(new Set(shown)), none: () => setSelected(new Set()) };
}
