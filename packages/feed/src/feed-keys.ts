/** Where a tenant's feed lies. The tenant is the one hash tag of all of them, so that a script may use them together. */
export interface FeedKeys {
  /** The stream of what was committed. */
  readonly stream: string;
  /** A hash that tells which feed this is. */
  readonly head: string;
  /** The channel of those who listen now. */
  readonly channel: string;
  /** A sorted set of the messages that it knows again. */
  readonly told: string;
}

export function createFeedKeys(prefix: string): (tenant: string) => FeedKeys {
  if (!/^[\w:-]+$/.test(prefix)) {
    throw new TypeError(
      `feed key prefix "${prefix}" may hold letters, digits, ":", "_" and "-" only: a brace would make a second hash tag`,
    );
  }
  return (tenant) => {
    const stream = `${prefix}:feed:{${tenant}}`;
    return { stream, head: `${stream}:head`, channel: `${stream}:live`, told: `${stream}:told` };
  };
}
