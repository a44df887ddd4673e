import type { CallRow, LinkRow } from '@trunkline/realtime-client';

/** Why nothing can be asked of a PBX about a call now. A wish is refused at once and never kept for later. */
export type Refusal = 'disconnected' | 'link-lost' | 'ended';

export function refusalOf(
  { status }: Pick<CallRow, 'status'>,
  link: Pick<LinkRow, 'open' | 'held' | 'enabled'> | undefined,
  isConnected: boolean,
): Refusal | null {
  if (status === 'ended') return 'ended';
  if (!isConnected) return 'disconnected';
  // Of a link that was not told of yet nothing is known; the server decides.
  if (link === undefined) return null;
  return link.open && link.held !== false && link.enabled !== false ? null : 'link-lost';
}
