import type { CallRow, LinkRow, TopicStatus } from '@trunkline/realtime-client';
import { isVerified } from '../../links/link-words.ts';

/** Whether what is shown of a call is what its PBX says now. */
export type CallFreshness =
  | { readonly state: 'live' | 'delayed' | 'waiting' }
  | { readonly state: 'stale'; readonly since: number | null }
  | { readonly state: 'unverified'; readonly since: string };

/** Our own connection counts first: without it nothing newer is known of the link either. */
export function freshnessOf(
  { status }: Pick<CallRow, 'status'>,
  topic: TopicStatus,
  link: LinkRow | undefined,
  since: (link: LinkRow) => string,
): CallFreshness {
  if (topic.state === 'stale') return { state: 'stale', since: topic.asOf };
  if (topic.state === 'waiting' || topic.state === 'refused') return { state: 'waiting' };
  if (link === undefined) return { state: 'waiting' };
  // Of what has ended nothing is left to verify.
  if (status !== 'ended' && !isVerified(link)) return { state: 'unverified', since: since(link) };
  return { state: topic.state };
}
