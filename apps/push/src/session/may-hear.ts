import type { Principal } from '@trunkline/access';
import { ownerOf, topicKinds, type Topic } from '@trunkline/realtime-protocol';

/** [TOPIC1] [TOPIC7] Whether a token allows a topic. The tenant needs no question: a session reads the feed of its own and no other. */
export function mayHear({ user, scopes }: Pick<Principal, 'user' | 'scopes'>, { kind, key }: Topic): boolean {
  const { scope } = topicKinds[kind];
  if (kind === 'conversation' && ownerOf(key ?? '', user) === 'another') return false;
  return scope === 'self' ? key === user : scopes.has(scope);
}

export const seesNumbers = ({ scopes }: Pick<Principal, 'scopes'>): boolean => scopes.has('numbers:read');
