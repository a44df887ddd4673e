import { webSocketPath } from '@trunkline/realtime-protocol';
import type { Environment } from '../environment/environment.ts';

/**
 * Where the socket goes: to what was given, be it a whole address or a path on the page's host; else to `/ws` on the page's
 * host, with TLS where the page has it.
 */
export function deriveUrl(given: string | undefined, location: Environment['location']): string {
  if (given !== undefined && /^(ws|http)s?:/.test(given)) return given.replace(/^http/, 'ws');
  if (location === undefined)
    throw new TypeError('no page to take the address from: give `url`, like wss://host/ws');
  const path = given ?? webSocketPath;
  return `${location.protocol === 'http:' ? 'ws' : 'wss'}://${location.host}/${path.replace(/^\//, '')}`;
}
