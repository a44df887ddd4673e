import type { Environment, Logger, PageSignal, SocketConstructor } from './environment.ts';

interface Target {
  addEventListener(type: string, listener: () => void, options: { readonly signal: AbortSignal }): void;
}

/** What may or may not be there, depending on where this runs. */
interface World {
  readonly WebSocket?: SocketConstructor;
  readonly document?: Target & { readonly visibilityState: string };
  readonly navigator?: { readonly onLine?: boolean };
  readonly location?: { readonly protocol: string; readonly host: string };
  readonly requestAnimationFrame?: (callback: () => void) => unknown;
  readonly console: Logger;
}

const world = globalThis as unknown as World;

/** So often the store gets its turn where no picture is drawn. */
const hiddenFrameMs = 250;

/** A browser, Electron, or Node from version 22 on. */
export function defaultEnvironment(): Environment {
  const { WebSocket, document, navigator, location } = world;
  const isVisible = () => document?.visibilityState !== 'hidden';
  return {
    // Where there is none, each attempt fails and says so.
    WebSocket: WebSocket as SocketConstructor,
    now: () => performance.now(),
    wallNow: () => Date.now(),
    random: () => Math.random(),
    setTimer: (callback, ms) => setTimeout(callback, ms),
    clearTimer: (timer) => clearTimeout(timer as number),
    nextFrame(callback) {
      let wanted = true;
      const draw = () => {
        if (wanted) callback();
        wanted = false;
      };
      // A page that is hidden, also one that is hidden just now, draws no pictures.
      world.requestAnimationFrame?.(draw);
      setTimeout(draw, document === undefined ? 0 : hiddenFrameMs);
    },
    isOnline: () => navigator?.onLine !== false,
    isVisible,
    listen: (listener) => listenToPage(listener, isVisible),
    // A page without a host, such as one from a file, says nothing about where the server is.
    location: location?.host ? location : undefined,
    log: world.console,
  };
}

function listenToPage(listener: (signal: PageSignal) => void, isVisible: () => boolean): () => void {
  const { document } = world;
  const stop = new AbortController();
  const on = (target: Target | undefined, type: string, told: () => PageSignal) =>
    target?.addEventListener(type, () => listener(told()), { signal: stop.signal });
  if (document !== undefined) {
    const page = world as unknown as Target;
    on(page, 'online', () => 'online');
    on(page, 'offline', () => 'offline');
    on(page, 'pageshow', () => 'restored');
    on(document, 'resume', () => 'restored');
    on(document, 'visibilitychange', () => (isVisible() ? 'visible' : 'hidden'));
  }
  return () => stop.abort();
}
