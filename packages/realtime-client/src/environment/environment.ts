/** The part of a WebSocket that is used. */
export interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount?: number;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

/** What a page tells of itself and its network. `restored`: it was frozen, or came back out of the back-forward cache. */
export type PageSignal = 'online' | 'offline' | 'visible' | 'hidden' | 'restored';

export interface Logger {
  debug(message: string, detail?: unknown): void;
  warn(message: string, detail?: unknown): void;
  error(message: string, detail?: unknown): void;
}

/** Everything the client takes from the world around it, so that tests can be that world. */
export interface Environment {
  readonly WebSocket: SocketConstructor;
  /** Monotonic milliseconds: the only clock that decides anything. */
  now(): number;
  /** The wall clock: to notice a sleep, and for what outlives the page. Never compared with a clock of the server. */
  wallNow(): number;
  /** In [0, 1). */
  random(): number;
  setTimer(callback: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Once, before the next picture is drawn; soon, where nothing is drawn. */
  nextFrame(callback: () => void): void;
  isOnline(): boolean;
  isVisible(): boolean;
  /** Returns how to stop listening. */
  listen(listener: (signal: PageSignal) => void): () => void;
  readonly location: { readonly protocol: string; readonly host: string } | undefined;
  readonly log: Logger;
}
