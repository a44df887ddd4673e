import type { IncomingHttpHeaders } from 'node:http';

/**
 * [CONN4] Which pages may connect. Only browsers send an origin, and they can't be made to lie about it. Without a list, pages of
 * the host that is asked itself.
 */
export function isAllowedOrigin(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes('*')) return true;
  if (allowed.length > 0) return allowed.includes(origin.toLowerCase());
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}
