/** What a key, or two keys in a row such as `g w`, does. */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  /** Under which heading the help lists it. */
  readonly section: string;
  readonly run: () => void;
}

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly isTyping: boolean;
}

/** The second key of a pair comes within this, or the first is forgotten. */
export const pairMs = 1_200;

/**
 * The keys of the page. Whoever registered last goes first, so an open panel's `Escape` closes the panel. None of them ends,
 * drops or replays anything by itself.
 */
export function createShortcuts(now: () => number = () => performance.now()) {
  const known: Shortcut[] = [];
  const listeners = new Set<() => void>();
  let list: readonly Shortcut[] = [];
  let first: { readonly key: string; readonly at: number } | null = null;

  function changed(): void {
    list = known.slice();
    for (const listener of listeners) listener();
  }

  return {
    register(shortcut: Shortcut): () => void {
      known.push(shortcut);
      changed();
      return () => {
        known.splice(known.indexOf(shortcut), 1);
        changed();
      };
    },
    list: (): readonly Shortcut[] => list,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Whether the key meant anything. */
    press({ key, ctrlKey, metaKey, altKey, isComposing, isTyping }: Pressed): boolean {
      if (isComposing || altKey) return false;
      const isCommand = ctrlKey || metaKey;
      const isEscape = key === 'Escape';
      if (isTyping && !isCommand && !isEscape) return false;
      const name = isCommand ? `Mod+${key.toLowerCase()}` : key;
      const pair = first !== null && now() - first.at < pairMs ? `${first.key} ${name}` : null;
      first = null;
      const found = last(known, pair) ?? last(known, name);
      if (found !== undefined) {
        found.run();
        return true;
      }
      if (known.some(({ keys }) => keys.startsWith(`${name} `))) first = { key: name, at: now() };
      return false;
    },
  };
}

const last = (known: readonly Shortcut[], keys: string | null): Shortcut | undefined =>
  keys === null ? undefined : known.findLast((one) => one.keys === keys);
