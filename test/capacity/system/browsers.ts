/** What the process of the browsers is told at its start, as JSON in its environment. */
export interface BrowsersTask {
  /** Of push nodes, which browsers take in turn. */
  readonly ports: readonly number[];
  readonly browsers: readonly BrowserTask[];
}

export interface BrowserTask {
  readonly token: string;
  readonly topics: readonly string[];
}

export type BrowsersOrder = { readonly order: 'tell' };

export type BrowsersReply =
  | { readonly tell: 'started' }
  | { readonly tell: 'told'; readonly deliveries: number; readonly browsers: readonly Told[] };

export interface Told {
  readonly isLive: boolean;
  /** How often its connection was lost, and how often a topic started anew after the first time. */
  readonly lost: number;
  readonly resets: number;
  /** The last calls of which it was told, each with the last revision, by PBX and key. */
  readonly calls: readonly (readonly [call: string, revision: number])[];
}

/** Calls that each remembers, so that it does not grow itself. */
export const toldMax = 16;
