/**
 * The longest silence of each kind of topic, as `topicKinds` of the protocol has it. Written out because this goes into every
 * page, and a test holds the two equal.
 */
export const staleAfterMs: Readonly<Record<string, number>> = {
  calls: 60_000,
  extensions: 60_000,
  pbx: 60_000,
  recordings: 300_000,
  cleanup: 300_000,
  imports: 60_000,
  user: 120_000,
  conversation: 60_000,
  dialer: 60_000,
};

/** A topic of a kind that this client does not know is held to nothing. */
export const staleMsOf = (topic: string): number => staleAfterMs[topic.split(':', 1)[0] ?? ''] ?? Infinity;
