import { useRows } from '@trunkline/realtime-react';
import { isVerified } from './link-words.ts';

/** How many links are in trouble; nothing where there are none. */
export function LinksCount() {
  const count = useRows('link').filter((link) => !isVerified(link) && link.enabled !== false).length;
  return count === 0 ? null : <span title={`${count} not connected`}>{count}</span>;
}
