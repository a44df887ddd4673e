import { REDIS_URL_EXAMPLES } from './redis-url-examples.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

interface RedisAccess {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

export interface StandaloneRedis extends RedisAccess, RedisAddress {
  readonly kind: 'standalone';
  readonly database: number;
}

export interface RedisCluster extends RedisAccess {
  readonly kind: 'cluster';
  /** Some of the nodes; the rest is discovered from them. */
  readonly nodes: readonly RedisAddress[];
}

/** One server at a time, and sentinels that know which. */
export interface SentinelRedis extends RedisAccess {
  readonly kind: 'sentinel';
  readonly sentinels: readonly RedisAddress[];
  /** What the sentinels call the servers that they watch. */
  readonly name: string;
  readonly database: number;
}

/** Where Redis is: one server, one of several by the word of sentinels, or a cluster. */
export type RedisTarget = StandaloneRedis | SentinelRedis | RedisCluster;

/** Says what is wrong with a Redis URL and never repeats it: it may hold a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
  readonly problem: string;

  constructor(problem: string) {
    super(`The Redis URL ${problem}. Write it like ${REDIS_URL_EXAMPLES.join(' or ')}`);
    this.problem = problem;
  }
}

const DEFAULT_PORT = 6379;
const SENTINEL_PORT = 26_379;
const FORM = /^(rediss?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?$/;

/**
 * Reads `redis://`, `rediss://` (TLS) and, with several addresses separated by commas, `redis+cluster://`,
 * `redis+sentinel://` and both with TLS. The standard URL parser knows no list of hosts, hence a grammar of our own.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const raw = rawCharacterIn(url);
  if (raw !== undefined) {
    throw new RedisUrlError(
      `has a raw ${raw} in its user or password; write ${raw} as ${encodeURIComponent(raw)}`,
    );
  }
  const match = FORM.exec(url);
  if (match === null) throw new RedisUrlError(describeMisform(url));
  const [, scheme, kind, userinfo, hosts = '', path = ''] = match;
  const access = { tls: scheme === 'rediss', ...parseUserinfo(userinfo) };
  const addresses = hosts.split(',');
  if (kind === 'sentinel') {
    const sentinels = addresses.map((text) => parseAddress(text, SENTINEL_PORT));
    return { kind, sentinels, ...parseWatched(path), ...access };
  }
  const nodes = addresses.map((text) => parseAddress(text));
  if (kind === 'cluster') {
    if (path !== '' && path !== '0')
      throw new RedisUrlError('names a database, and a cluster has only number 0');
    return { kind, nodes, ...access };
  }
  const [address, ...others] = nodes;
  if (address === undefined || others.length > 0) {
    throw new RedisUrlError(`has several hosts; begin it with ${scheme}+cluster:// or ${scheme}+sentinel://`);
  }
  return { kind: 'standalone', ...address, database: parseDatabase(path), ...access };
}

function describeMisform(url: string): string {
  if (!/^rediss?(?:\+(?:cluster|sentinel))?:\/\//.test(url)) {
    return 'must begin with redis:// or rediss://, with +cluster or +sentinel before the colon where it is one';
  }
  return /[?#]/.test(url) ? 'takes no query and no fragment' : 'is incomplete';
}

/** What would end the user and password too early, if they were read as they stand. */
function rawCharacterIn(url: string): string | undefined {
  const userinfo = url.slice(url.indexOf('://') + 3, Math.max(0, url.lastIndexOf('@')));
  return /[@/?#]/.exec(userinfo)?.[0];
}

function parseUserinfo(userinfo: string | undefined): { username?: string; password?: string } {
  if (userinfo === undefined) return {};
  const colon = userinfo.indexOf(':');
  const username = decode(colon === -1 ? userinfo : userinfo.slice(0, colon));
  const password = colon === -1 ? '' : decode(userinfo.slice(colon + 1));
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError('has a % that is no escape (write % as %25)');
  }
}

/** The name that the sentinels know, and the number of a database where it is not 0. */
function parseWatched(path: string): { name: string; database: number } {
  const [name = '', database = '', ...more] = path.split('/').map(decode);
  if (name === '' || more.length > 0)
    throw new RedisUrlError('must end with the name that the sentinels know, such as /mymaster');
  return { name, database: parseDatabase(database) };
}

function parseAddress(text: string, usualPort = DEFAULT_PORT): RedisAddress {
  const match = /^(?:\[([\da-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? usualPort : Number(match[3]);
  if (host === undefined) throw new RedisUrlError('has an address that is not host or host:port');
  if (port < 1 || port > 65_535) throw new RedisUrlError(`has port ${port}, and ports go from 1 to 65535`);
  return { host, port };
}

function parseDatabase(path: string): number {
  if (!/^\d{0,4}$/.test(path)) throw new RedisUrlError('has a path that is not the number of a database');
  return Number(path);
}
