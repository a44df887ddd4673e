import type { Random } from '../../support/random.ts';

export interface StormTenant {
  readonly id: string;
  /** Keys of event topics and of state topics. */
  readonly conversations: readonly string[];
  readonly phones: readonly string[];
}

/** Of all topics, those in which each event counts; in the others only how things stand in the end does. */
const eventShare = 0.8;

export function stormTenants(ids: readonly string[], topics: number): StormTenant[] {
  const perTenant = Math.floor(topics / ids.length);
  const conversations = Math.round(perTenant * eventShare);
  return ids.map((id) => ({
    id,
    conversations: Array.from({ length: conversations }, (_, index) => `c${index}`),
    phones: Array.from({ length: perTenant - conversations }, (_, index) => String(1_000 + index)),
  }));
}

/** What one client follows: a handful, different ones for each. */
export function handful(random: Random, { conversations, phones }: StormTenant): string[] {
  const topics = new Set<string>();
  while (topics.size < Math.min(4, conversations.length)) {
    topics.add(`conversation:${random.pick(conversations)}`);
  }
  return [...topics, `calls:${random.pick(phones)}`];
}
