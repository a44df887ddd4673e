import { isLinkEventType } from '@trunkline/domain';

/** A kind of reader of the streams: it sees every entry, counts it, and applies what it wants. */
export interface IngestGroup {
  readonly name: string;
  wants(type: string): boolean;
}

/** Each event is wanted by one of the two; the merge does not mind which of them comes first. */
export const ingestGroups = {
  lifecycle: { name: 'lifecycle', wants: (type) => !isLinkEventType(type) },
  cleanup: { name: 'cleanup', wants: isLinkEventType },
} as const satisfies Record<string, IngestGroup>;

/** All who must have passed an entry before it may be cut off. */
export const ingestGroupNames: readonly string[] = Object.values(ingestGroups).map(({ name }) => name);
