export type BackingConfig = {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly containers: boolean;
};

/** The only place that reads the environment for where the stores come from. */
export function readBackingConfig(environment: NodeJS.ProcessEnv): BackingConfig {
  const databaseUrl = readUrl(environment, 'DATABASE_URL', {
    protocols: ['postgresql:', 'postgres:'],
    example: 'postgresql://user:password@127.0.0.1:5432/trunkline',
  });
  const redisUrl = readUrl(environment, 'REDIS_URL', {
    protocols: ['redis:', 'rediss:'],
    example: 'redis://127.0.0.1:6379',
  });
  return {
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    containers: readBacking(environment['TRUNKLINE_BACKING']),
  };
}

function readBacking(value: string | undefined): boolean {
  if (value === undefined || value === '') return false;
  if (value === 'containers') return true;
  throw new Error(
    `TRUNKLINE_BACKING is "${value}", which is not known. Set it to "containers" to run PostgreSQL and Redis in ` +
      'a container engine, or unset it to have them found or started.',
  );
}

function readUrl(
  environment: NodeJS.ProcessEnv,
  name: string,
  { protocols, example }: { protocols: readonly string[]; example: string },
): string | undefined {
  const value = environment[name];
  if (value === undefined || value === '') return undefined;
  // The value is not repeated: it may hold a password.
  const url = URL.parse(value);
  if (url === null) throw new Error(`${name} is not a URL. Example: ${example}`);
  if (protocols.includes(url.protocol)) return value;
  throw new Error(
    `${name} begins with "${url.protocol}", not with ${protocols.join(' or ')}. Example: ${example}`,
  );
}
