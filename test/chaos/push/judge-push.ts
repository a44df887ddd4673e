import { compareJournals } from './compare-journals.ts';
import type { Listener } from './listener.ts';
import { callOf, stormPbx, type Publisher } from './publisher.ts';

type Published = Pick<Publisher, 'lists' | 'revisions'>;

/** Where what a client was told differs from what was published. */
export function judgePush(published: Published, listeners: readonly Listener[]): string[] {
  return listeners.flatMap((listener, index) => {
    const found = listener.topics.flatMap((topic) => {
      const difference = topic.startsWith('calls:')
        ? differentState(published, listener, topic)
        : differentEvents(published, listener, topic);
      return difference === null ? [] : [`${topic}: ${difference}`];
    });
    return [...listener.surprises, ...found].map((difference) => `client ${index}: ${difference}`);
  });
}

function differentEvents({ lists }: Published, { tenant, journal }: Listener, topic: string): string | null {
  return compareJournals(lists.get(`${tenant} ${topic}`) ?? [], journal.get(topic) ?? []);
}

function differentState({ revisions }: Published, { tenant, store }: Listener, topic: string): string | null {
  const call = callOf(topic.slice('calls:'.length));
  const shown = store.get('call', `${stormPbx}/${call}`)?.revision ?? 0;
  const published = revisions.get(`${tenant} ${topic}`) ?? 0;
  return shown === published ? null : `shown at revision ${shown}, published at ${published}`;
}
