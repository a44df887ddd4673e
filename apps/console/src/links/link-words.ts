import type { LinkRow } from '@trunkline/realtime-client';

/** How the state of a link looks and is called, everywhere. */
export type LinkTone = 'ok' | 'accent' | 'warn' | 'danger' | 'quiet';

export interface LinkWords {
  readonly word: string;
  readonly tone: LinkTone;
  /** Lower is worse: what needs a person comes first. */
  readonly rank: number;
}

const words: Readonly<Record<string, LinkWords>> = {
  refused: { word: 'Needs you: login', tone: 'danger', rank: 0 },
  blocked: { word: 'Blocked by the PBX', tone: 'danger', rank: 1 },
  unheld: { word: 'Nobody holds the link', tone: 'danger', rank: 2 },
  waiting: { word: 'Waiting to retry', tone: 'warn', rank: 3 },
  lost: { word: 'Link lost', tone: 'warn', rank: 4 },
  connecting: { word: 'Connecting', tone: 'accent', rank: 5 },
  authenticating: { word: 'Logging in', tone: 'accent', rank: 6 },
  subscribing: { word: 'Subscribing', tone: 'accent', rank: 7 },
  synchronising: { word: 'Reading the PBX', tone: 'accent', rank: 8 },
  idle: { word: 'Idle', tone: 'quiet', rank: 9 },
  live: { word: 'Connected', tone: 'ok', rank: 10 },
  paused: { word: 'Paused', tone: 'quiet', rank: 11 },
};

/** A state by itself, without whether somebody holds the link now. */
export const linkStateText = (state: string): string => words[state]?.word ?? state;

/** The state as people see it: nobody may hold the link, or it may be switched off. */
export function shownState({ state, held, enabled }: Pick<LinkRow, 'state' | 'held' | 'enabled'>): string {
  if (enabled === false) return 'paused';
  return held === false ? 'unheld' : state;
}

export const wordsOfLink = (link: Pick<LinkRow, 'state' | 'held' | 'enabled'>): LinkWords =>
  words[shownState(link)] ?? { word: link.state, tone: 'warn', rank: 4 };

export const nameOfLink = ({ name, pbx }: Pick<LinkRow, 'name' | 'pbx'>): string =>
  name ?? `PBX ${pbx.slice(0, 8)}`;

/** What is shown of this PBX's phones and calls is what the PBX says now. */
export const isVerified = ({ open, state, held }: Pick<LinkRow, 'open' | 'state' | 'held'>): boolean =>
  open && state === 'live' && held !== false;

const vendors: Readonly<Record<string, string>> = {
  yeastar: 'Yeastar',
  'asterisk-ari': 'Asterisk ARI',
  'asterisk-ami': 'Asterisk AMI',
};

export const vendorText = (vendor: string | undefined): string =>
  vendor === undefined ? '—' : (vendors[vendor] ?? vendor);
