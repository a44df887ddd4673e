import type { Position } from '@trunkline/realtime-protocol';
import { isPosition } from '@trunkline/realtime-protocol/schemas';

/** Topics that stand at the same place, which most of them do most of the time. */
type Group = readonly [epoch: string, offset: string, topics: readonly string[]];

/** [SSE3] The positions of all topics as one word. What it looks like is nobody's business but ours. */
export function writeEventId(positions: ReadonlyMap<string, Position>): string {
  const groups = new Map<string, Group & { readonly 2: string[] }>();
  for (const [topic, { epoch, offset }] of positions) {
    const name = `${epoch} ${offset}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [epoch, offset, [topic]]);
    else group[2].push(topic);
  }
  return Buffer.from(JSON.stringify([...groups.values()])).toString('base64url');
}

/** What can't be read is no position, and the topic starts anew: a stream by native means can't leave its last id out. */
export function readEventId(id: string): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  for (const [epoch, offset, topics] of groupsOf(id)) {
    for (const topic of topics) positions.set(topic, { epoch, offset });
  }
  return positions;
}

function groupsOf(id: string): Group[] {
  try {
    const groups: unknown = JSON.parse(Buffer.from(id, 'base64url').toString());
    return Array.isArray(groups) ? groups.filter(isGroup) : [];
  } catch {
    return [];
  }
}

function isGroup(group: unknown): group is Group {
  if (!Array.isArray(group)) return false;
  const [epoch, offset, topics]: unknown[] = group;
  return (
    isPosition({ epoch, offset }) &&
    Array.isArray(topics) &&
    topics.every((topic) => typeof topic === 'string')
  );
}
