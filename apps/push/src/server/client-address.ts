import type { IncomingMessage } from 'node:http';

/**
 * Whose connection it is. Behind proxies that we trust it is the address that the outermost of them saw: so many places from the
 * right end of X-Forwarded-For, since everything further left may be made up by the client.
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const peer = socket.remoteAddress ?? 'unknown';
  const forwarded = headers['x-forwarded-for'];
  if (proxies === 0 || forwarded === undefined) return peer;
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)
    .split(',')
    .map((hop) => hop.trim());
  return hops.at(-proxies) ?? hops[0] ?? peer;
}
