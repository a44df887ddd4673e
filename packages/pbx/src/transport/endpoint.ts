import type { Trust } from '../port/target.ts';

/** Where to connect, and whose certificate to believe there. */
export interface Endpoint {
  readonly address: URL;
  readonly trust: Trust;
}

const portsByProtocol: Readonly<Record<string, number>> = {
  'https:': 443,
  'http:': 80,
  'tls:': 5039,
  'tcp:': 5038,
};

export const isEncrypted = ({ address }: Endpoint): boolean =>
  address.protocol === 'https:' || address.protocol === 'tls:';

/** IPv6 addresses stand in brackets in a URL and without them everywhere else. */
export const hostOf = ({ address }: Endpoint): string => address.hostname.replace(/^\[|\]$/g, '');

export const portOf = ({ address }: Endpoint): number =>
  address.port === '' ? (portsByProtocol[address.protocol] ?? 0) : Number(address.port);

/** For messages: never the whole URL, which may carry a token or a password. */
export const placeOf = (endpoint: Endpoint): string => `${endpoint.address.hostname}:${portOf(endpoint)}`;
