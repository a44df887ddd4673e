/** What is asked of the container engine, as plain data. */
export type ContainerRequest = {
  readonly product: 'PostgreSQL' | 'Redis';
  readonly image: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** A volume named for the checkout keeps the data; without one the data goes with the container. */
  readonly volume?: { readonly name: string; readonly mountedAt: string };
  url(host: string, port: number): string;
};

const images = { postgres: 'postgres:18-alpine', redis: 'redis:8-alpine' } as const;

export function postgresContainer(password: string, volume?: string): ContainerRequest {
  return {
    product: 'PostgreSQL',
    image: images.postgres,
    port: 5432,
    environment: {
      POSTGRES_USER: 'trunkline',
      POSTGRES_DB: 'postgres',
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8',
    },
    command: ['postgres', '-c', 'max_connections=200', ...(volume === undefined ? ['-c', 'fsync=off'] : [])],
    // Since version 18 the image keeps its data in a folder for the major version below this one.
    ...(volume === undefined ? {} : { volume: { name: volume, mountedAt: '/var/lib/postgresql' } }),
    url: (host, port) => `postgresql://trunkline:${password}@${host}:${port}/postgres`,
  };
}

/** The password goes in by the environment and standard input; on the command line every user would see it. */
export function redisContainer(password: string, volume?: string): ContainerRequest {
  const settings = [
    'requirepass $TRUNKLINE_REDIS_PASSWORD',
    'dir /data',
    'save ""',
    `appendonly ${volume === undefined ? 'no' : 'yes'}`,
    'appendfsync everysec',
    'maxmemory-policy noeviction',
  ];
  return {
    product: 'Redis',
    image: images.redis,
    port: 6379,
    environment: { TRUNKLINE_REDIS_PASSWORD: password },
    command: ['sh', '-c', `exec redis-server - <<END\n${settings.join('\n')}\nEND\n`],
    ...(volume === undefined ? {} : { volume: { name: volume, mountedAt: '/data' } }),
    url: (host, port) => `redis://:${password}@${host}:${port}`,
  };
}
