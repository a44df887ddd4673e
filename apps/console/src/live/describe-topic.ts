import type { TopicStatus } from '@trunkline/realtime-client';

/** How fresh what a topic tells is, as a board shows it. */
export type Freshness = 'waiting' | 'live' | 'delayed' | 'stale' | 'refused';

/** Of several topics the one that is furthest from live counts. */
export function worstOf(statuses: readonly TopicStatus[]): TopicStatus {
  const order: readonly Freshness[] = ['live', 'delayed', 'stale', 'waiting', 'refused'];
  return statuses.reduce((worst, one) =>
    order.indexOf(one.state) > order.indexOf(worst.state) ? one : worst,
  );
}

const topicNames: Readonly<Record<string, string>> = {
  extensions: 'Extensions',
  calls: 'Calls',
  pbx: 'Links',
  cleanup: 'Cleanup runs',
  recordings: 'Recordings',
};

export const topicName = (topic: string): string => {
  const [word = topic, key] = topic.split(':');
  const name = topicNames[word] ?? word;
  return key === undefined ? name : `${name} of ${key}`;
};
