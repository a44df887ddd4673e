/** A state topic tells how things stand, so that only the newest row of each thing counts; an event topic tells what happened. */
export type TopicHolds = 'state' | 'events';

/** What a token must allow to hear a topic; `self`: only the user that the key names; null: anybody of the tenant. */
export type TopicScope = 'calls:read' | 'contacts:read' | 'ops:read' | 'self';

interface TopicKindRule {
  readonly holds: TopicHolds;
  readonly scope: TopicScope;
  /** Whether a key follows behind a colon. */
  readonly keyed: 'never' | 'always' | 'may be';
  /** The longest silence, heartbeats included, after which what is shown counts as stale. */
  readonly staleMs: number;
}

export const topicKinds = {
  /** Calls that are open, and what becomes of them; `calls:<extension>` only those of one phone. */
  calls: { holds: 'state', scope: 'calls:read', keyed: 'may be', staleMs: 60_000 },
  extensions: { holds: 'state', scope: 'calls:read', keyed: 'never', staleMs: 60_000 },
  /** The links to PBXs. */
  pbx: { holds: 'state', scope: 'calls:read', keyed: 'never', staleMs: 60_000 },
  recordings: { holds: 'state', scope: 'calls:read', keyed: 'never', staleMs: 300_000 },
  cleanup: { holds: 'state', scope: 'ops:read', keyed: 'never', staleMs: 300_000 },
  /** One import of contacts. */
  imports: { holds: 'state', scope: 'contacts:read', keyed: 'always', staleMs: 60_000 },
  /** What concerns one user, on all devices. */
  user: { holds: 'events', scope: 'self', keyed: 'always', staleMs: 120_000 },
  /** Those of one person alone begin as `personalPrefix` says. */
  conversation: { holds: 'events', scope: 'calls:read', keyed: 'always', staleMs: 60_000 },
  dialer: { holds: 'events', scope: 'calls:read', keyed: 'never', staleMs: 60_000 },
} as const satisfies Record<string, TopicKindRule>;

export type TopicKind = keyof typeof topicKinds;

export interface Topic {
  readonly kind: TopicKind;
  readonly key: string | null;
}

const keyLettersMax = 256;

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const plain = /^[^\u0000-\u001f\u007f]+$/;

/** Null for a text that is no topic. The key is everything behind the first colon. */
export function parseTopic(text: string): Topic | null {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const key = colon < 0 ? null : text.slice(colon + 1);
  if (!Object.hasOwn(topicKinds, name)) return null;
  const kind = name as TopicKind;
  const { keyed } = topicKinds[kind];
  if (key === null) return keyed === 'always' ? null : { kind, key };
  const isKey = key.length <= keyLettersMax && plain.test(key);
  return keyed !== 'never' && isKey ? { kind, key } : null;
}

export const formatTopic = ({ kind, key }: Topic): string => (key === null ? kind : `${kind}:${key}`);

/** [TOPIC7] The key of a conversation that is one user's alone begins with this; nobody else may hear of it or write into it. */
export const personalPrefix = (user: string): string => `@${encodeURIComponent(user)}/`;

/** Whether a conversation is this user's alone, somebody else's alone, or everybody's. */
export function ownerOf(conversation: string, user: string): 'self' | 'another' | 'everybody' {
  if (!conversation.startsWith('@')) return 'everybody';
  const isOwn = user.isWellFormed() && conversation.startsWith(personalPrefix(user));
  return isOwn ? 'self' : 'another';
}
