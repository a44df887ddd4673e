import type { Down } from '@trunkline/realtime-protocol';

/** What the server said; undefined where that can't be read. */
export function readMessage(data: unknown): Down | undefined {
  try {
    const message = JSON.parse(data as string) as Down | null;
    return typeof message?.type === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
