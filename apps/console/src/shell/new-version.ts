/** Screens run for weeks, and the server gets a new version meanwhile: it is asked for so often. */
const askMs = 15 * 60_000;
const lookMs = 60_000;
/** So long nobody may have touched the page before it is loaded anew. */
const idleMs = 10 * 60_000;

export interface VersionWorld {
  /** The page as the server has it now; rejects while it can't be reached. */
  readonly fetchPage: () => Promise<string>;
  /** The script that this page was begun with. */
  readonly ownEntry: string | null;
  /** Something is open, rings, or is half written. */
  readonly isBusy: () => boolean;
  readonly now: () => number;
  readonly reload: () => void;
}

/** The script that a page begins with. Its name carries its content, so another version has another one. */
export const entryOf = (page: string): string | null =>
  /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1] ?? null;

/** Loads a new version in a quiet moment and in no other. */
export function createVersionWatch({ fetchPage, ownEntry, isBusy, now, reload }: VersionWorld) {
  let touchedAt = now();
  let askedAt = now();
  let isNew = false;
  return {
    touched: (): void => void (touchedAt = now()),
    /** Once a minute or so. */
    look: async (): Promise<void> => {
      if (!isNew && now() - askedAt >= askMs) {
        askedAt = now();
        const entry = await fetchPage().then(entryOf, () => null);
        isNew = entry !== null && ownEntry !== null && entry !== ownEntry;
      }
      if (isNew && now() - touchedAt >= idleMs && !isBusy()) reload();
    },
  };
}

/** What would be lost or disturbed: dialogs, also of calls that ring, and words that somebody has typed. */
const isBusy = (): boolean => {
  const { activeElement } = document;
  const isTyping =
    activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement
      ? activeElement.value !== ''
      : false;
  return isTyping || document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
};

export function watchVersion(): void {
  const watch = createVersionWatch({
    fetchPage: async () => (await fetch('/', { cache: 'no-store' })).text(),
    ownEntry: document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null,
    isBusy,
    now: () => performance.now(),
    reload: () => location.reload(),
  });
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, watch.touched, { passive: true });
  setInterval(() => void watch.look(), lookMs);
}
