import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, globSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTestDatabase,
  startTestServers,
  testRedisUrl,
  uniquePrefix,
} from '@trunkline/backing-services/testing';
import { environmentOf, execForm, restsOf, stagesOf } from './dockerfile.ts';

/**
 * `npm run image:proof`: what a Docker engine would do with the Dockerfile, as far as it can be done without one. Its own
 * build step runs in a copy of its build context; then every service is started as its ENTRYPOINT says, with the image's
 * environment, as a user who can't write to it (where we may choose one), answers the HEALTHCHECK, and stops with 0.
 */
const root = join(import.meta.dirname, '../..');
const last = stagesOf(readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8'));
const image = last.at(-1) ?? [];
const [, ...entrypoint] = execForm(restsOf(image, 'ENTRYPOINT')[0]) ?? [];
const [, ...healthCheck] = execForm(restsOf(image, 'HEALTHCHECK')[0]) ?? [];
const nobody = Number(restsOf(image, 'USER')[0]?.split(':')[0]);

const READY_MS_MAX = 120_000;
const STOP_MS_MAX = 40_000;

const services = [
  'lifecycle-worker',
  'cleanup-worker',
  'connector',
  'stuck-call-worker',
  'webhook-worker',
  'import-worker',
  'recording-worker',
  'push',
  'api',
];

/** What an operator gives besides; the rest comes from the image. */
const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'recording-worker': { TRUNKLINE_STORAGE_DIR: '/tmp/trunkline-storage' },
  'webhook-worker': { TRUNKLINE_WEBHOOK_KEY: 'proof:0123456789abcdef0123456789abcdef' },
  push: { TRUNKLINE_TOKEN_ISSUER: 'http://127.0.0.1:1', TRUNKLINE_PUSH_DRAIN: '1s' },
  api: { TRUNKLINE_TOKEN_ISSUER: 'http://127.0.0.1:1', TRUNKLINE_API_PORT: '0' },
};

function layOutContext(folder: string): void {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const sent =
    /^(?:package(?:-lock)?\.json|\.npmrc|tsconfig\.json|(?:apps|packages|infra)\/.*|test\/package\.json)$/;
  for (const file of tracked.split('\n').filter((one) => sent.test(one))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
}

/** The RUN of the stage that the services come from, on other paths. */
function build(context: string, tree: string): void {
  const step = last.flatMap((stage) => restsOf(stage, 'RUN')).find((rest) => rest.includes('build-tree'));
  const args = (
    step
      ?.replace(/--mount=\S+/g, '')
      .trim()
      .split(/\s+/) ?? []
  ).map((one) => (one === '/source' ? context : one === '/image' ? tree : one));
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  execFileSync(args[0] ?? 'node', args.slice(1), {
    cwd: context,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
}

interface Ended {
  readonly code: number | string;
  readonly output: string;
}

function run(tree: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const child = spawn(process.execPath, args, {
    cwd: tree,
    env: { ...environmentOf(image), TRUNKLINE_OPERATIONS_HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asNobody,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code: signal ?? code ?? 1, output }));
  });
  return { child, ended, output: () => output };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function proveService(
  tree: string,
  app: string,
  stores: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { ...stores, ...given[app], TRUNKLINE_OPERATIONS_PORT: String(await freePort()) };
  const startedAt = performance.now();
  const service = run(tree, [...entrypoint, app], env);
  try {
    for (;;) {
      const { code } = await run(tree, healthCheck, env).ended;
      if (code === 0) break;
      const waited = performance.now() - startedAt;
      if (waited > READY_MS_MAX || service.child.exitCode !== null)
        throw new Error(`${app} did not become ready:\n${service.output()}`);
      await sleep(200);
    }
    const readyMs = performance.now() - startedAt;
    const askedAt = performance.now();
    service.child.kill('SIGTERM');
    const late = sleep(STOP_MS_MAX, undefined, { ref: false });
    const ended = await Promise.race([service.ended, late]);
    if (ended?.code !== 0)
      throw new Error(`${app} stopped with ${ended?.code ?? 'nothing'}:\n${service.output()}`);
    if (/has no effect/.test(ended.output))
      throw new Error(`${app} is told what it does not know:\n${ended.output}`);
    return `ready after ${Math.round(readyMs)} ms, stopped with 0 after ${Math.round(performance.now() - askedAt)} ms`;
  } finally {
    service.child.kill('SIGKILL');
  }
}

const bytesIn = (folder: string): number =>
  globSync('**', { cwd: folder })
    .map((path) => statSync(join(folder, path), { throwIfNoEntry: false }))
    .reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);

async function prove(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-image-'));
  // mkdtemp lets nobody else in, and the services run as somebody else.
  execFileSync('chmod', ['755', folder]);
  const [context, tree] = [join(folder, 'source'), join(folder, 'image')];
  try {
    layOutContext(context);
    build(context, tree);
    const before = bytesIn(tree);
    const { components } = JSON.parse(readFileSync(join(tree, 'sbom.cdx.json'), 'utf8')) as {
      components: unknown[];
    };
    console.log(
      `image: ${(before / 2 ** 20).toFixed(0)} MiB without Node, ${components.length} components in its SBOM`,
    );

    await using _servers = await startTestServers((line) => console.log(line));
    await using database = await createTestDatabase();
    const stores = {
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      TRUNKLINE_REDIS_PREFIX: uniquePrefix('image'),
    };
    const migrated = await run(tree, [...entrypoint, 'cli', 'migrate'], stores).ended;
    if (migrated.code !== 0) throw new Error(`the migration ended with ${migrated.code}: ${migrated.output}`);
    console.log(migrated.output.trim());
    for (const app of services) console.log(`${app}: ${await proveService(tree, app, stores)}`);
    const unknown = await run(tree, [...entrypoint, 'pusch'], stores).ended;
    if (unknown.code !== 2) throw new Error(`an unknown app ends with ${unknown.code}: ${unknown.output}`);
    if (bytesIn(tree) !== before) throw new Error('something was written into the image');
    console.log(
      `${services.length} services start, answer their health check and stop, as user ${process.getuid?.() === 0 ? nobody : process.getuid?.()}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await prove();
