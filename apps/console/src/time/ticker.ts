/** One clock for the page, aligned to whole seconds. It stands still while nobody looks. */
type Listener = () => void;

const listeners = new Set<Listener>();
let timer: ReturnType<typeof setTimeout> | undefined;
let seconds = 0;

export const secondsNow = (): number => seconds;

export function everySecond(listener: Listener): () => void {
  listeners.add(listener);
  if (listeners.size === 1) wait();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

function wait(): void {
  clearTimeout(timer);
  timer = setTimeout(tick, 1_000 - (Date.now() % 1_000));
}

function tick(): void {
  wait();
  if (typeof document !== 'undefined' && document.hidden) return;
  seconds += 1;
  for (const listener of listeners) listener();
}
