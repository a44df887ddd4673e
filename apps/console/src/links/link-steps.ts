import type { LinkRow } from '@trunkline/realtime-client';
import { shownState, wordsOfLink, type LinkTone } from './link-words.ts';

/** The way of a link that goes well. */
const way = [
  ['idle', 'Idle'],
  ['connecting', 'Connecting'],
  ['authenticating', 'Logging in'],
  ['subscribing', 'Subscribing'],
  ['synchronising', 'Snapshot'],
  ['live', 'Connected'],
] as const;

export interface LinkStep {
  readonly state: string;
  readonly word: string;
  readonly place: 'done' | 'current' | 'ahead';
  readonly tone: LinkTone;
}

/** The state machine as a strip. What is no step of the way, such as waiting, is a branch of its own at the end. */
export function stepsOf(link: Pick<LinkRow, 'state' | 'held' | 'enabled'>): readonly LinkStep[] {
  const state = shownState(link);
  const { word, tone } = wordsOfLink(link);
  const here = way.findIndex(([name]) => name === state);
  const steps = way.map(([name, title], index): LinkStep => {
    const place = index === here ? 'current' : index < here ? 'done' : 'ahead';
    return { state: name, word: title, place, tone: place === 'current' ? tone : 'quiet' };
  });
  return here === -1 ? [...steps, { state, word, place: 'current', tone }] : steps;
}
