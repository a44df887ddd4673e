/** A Redis (or Valkey) server program, and what its environment must hold. */
export type RedisProgram = {
  readonly kind: 'redis';
  readonly server: string;
  readonly product: 'Redis' | 'Valkey';
  readonly version: string;
  /** Where libraries that came with an unpacked package lie. */
  readonly libraryPath?: string;
  /** Where it was found, for people. */
  readonly source: string;
};

/** Redis 7.0 brought functions and sharded pub/sub; Valkey begins with all of it, 7.2 being its first release. */
const versionMin = { Redis: [7, 0], Valkey: [7, 2] } as const;

/** Reads `redis-server --version`. A string says why the program will not do. */
export function readRedisVersion(
  server: string,
  output: string,
): Pick<RedisProgram, 'product' | 'version'> | string {
  const version = /v=(\d+)\.(\d+)\.(\d+)/.exec(output);
  if (version === null) return `${server} does not tell its version: ${output.trim()}`;
  const product = /^valkey/i.test(output) ? 'Valkey' : 'Redis';
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const [majorMin, minorMin] = versionMin[product];
  if (major < majorMin || (major === majorMin && minor < minorMin)) {
    return `${server} is ${product} ${major}.${minor}, and ${majorMin}.${minorMin} or newer is needed`;
  }
  return { product, version: version[0].slice(2) };
}

/** The environment to run it in; an unpacked server finds its unpacked libraries there. */
export function redisEnvironment(program: Pick<RedisProgram, 'libraryPath'>): NodeJS.ProcessEnv {
  if (program.libraryPath === undefined) return process.env;
  const before = process.env['LD_LIBRARY_PATH'];
  const path =
    before === undefined || before === '' ? program.libraryPath : `${program.libraryPath}:${before}`;
  return { ...process.env, LD_LIBRARY_PATH: path };
}
