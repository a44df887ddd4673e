import type { TakenLease } from '@trunkline/database';
import type { LinkHost } from './link-host.ts';

/**
 * Until when somebody heard what the PBX said, by our clock: what ended later is looked for in the PBX's records. Whoever
 * held the link last was alive when it renewed its lease for the last time. Null for a PBX that was never heard.
 */
export function heardUntil(taken: TakenLease, host: Pick<LinkHost, 'wallNow' | 'leaseMs'>): number | null {
  const { snapshotMsAgo, handedOverMsAgo, expiredMsAgo, leftMsAgo } = taken;
  if (snapshotMsAgo === null) return null;
  const silentMs = expiredMsAgo === null ? (handedOverMsAgo ?? leftMsAgo) : expiredMsAgo + host.leaseMs;
  return host.wallNow() - Math.min(silentMs, snapshotMsAgo);
}
