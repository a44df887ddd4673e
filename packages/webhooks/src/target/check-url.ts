import { isIP } from 'node:net';
import { webhookBounds } from '../webhook-bounds.ts';
import { WebhookError } from '../webhook-error.ts';
import { isPublicAddress } from './public-address.ts';
import type { TargetPolicy } from './target-policy.ts';

/**
 * The address of an endpoint, as far as it can be judged without asking who is behind its name. Asked when an endpoint is
 * added and again at each attempt, since the policy may have changed.
 */
export function checkUrl(text: string, policy: TargetPolicy): URL {
  const url = text.length <= webhookBounds.urlLengthMax ? URL.parse(text) : null;
  if (url === null)
    throw invalid(
      `is no URL of at most ${webhookBounds.urlLengthMax} characters, such as https://example.com/hook`,
    );
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && policy.privateAllowed))
    throw invalid('must begin with https://');
  if (url.username !== '' || url.password !== '')
    throw invalid('must not hold a user or password: verify the signature instead');
  if (url.hash !== '') throw invalid('must not have a fragment (#…)');
  const port = url.port === '' ? defaultPorts[url.protocol] : Number(url.port);
  if (policy.ports !== 'any' && (port === undefined || !policy.ports.includes(port)))
    throw invalid(`must use one of the ports ${policy.ports.join(', ')}`);
  const host = hostOf(url);
  if (isIP(host) !== 0 && !policy.privateAllowed && !isPublicAddress(host)) throw notPublic();
  return url;
}

/** The name or address, without the brackets that an IPv6 address has in a URL. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** What is behind the name is not said: it would tell strangers what our own network looks like. */
export const notPublic = (): WebhookError =>
  invalid('leads to an address that is not of the public internet');

const defaultPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

const invalid = (what: string): WebhookError =>
  new WebhookError('invalid', `The address of the webhook ${what}.`);
