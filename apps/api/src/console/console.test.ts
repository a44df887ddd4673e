import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, readSettings } from '@trunkline/service-kit';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerProblems } from '../http/observe-requests.ts';
import { sendSecurityHeaders } from '../http/security-headers.ts';
import { apiSettings } from '../settings.ts';
import { createConsole } from './create-console.ts';

const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
const required = {
  DATABASE_URL: 'postgres://127.0.0.1/none',
  REDIS_URL: 'redis://127.0.0.1',
  TRUNKLINE_TOKEN_ISSUER: 'https://login.example.com/realms/acme',
  TRUNKLINE_API_PUBLIC_URL: 'https://trunkline.example.com',
};

let folder: string;
const apps: FastifyInstance[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  await mkdir(join(folder, 'built/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'of nobody');
  const built = {
    'index.html': page('one'),
    '.sources': 'list of sources',
    'icon.svg': '<svg/>',
    'assets/app-1a2b.js': 'run()',
    'assets/app-1a2b.js.br': 'smaller by brotli',
    'assets/app-1a2b.js.gz': 'smaller by gzip',
    'assets/app-1a2b.js.map': '{}',
  };
  for (const [name, content] of Object.entries(built)) await writeFile(join(folder, 'built', name), content);
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await rm(folder, { recursive: true });
});

const page = (word: string): string =>
  `<!doctype html><html><head><script>theme('${word}')</script><script type="module" src="/assets/app-1a2b.js"></script><style nonce="__CSP_NONCE__">a{}</style></head></html>`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

async function open(directory: string, env: Record<string, string> = {}): Promise<FastifyInstance> {
  const settings = readSettings(apiSettings, {
    ...required,
    TRUNKLINE_CONSOLE_DIR: join(folder, directory),
    ...env,
  });
  const app = Fastify({ logger: false, routerOptions: { ignoreTrailingSlash: true } });
  sendSecurityHeaders(app);
  answerProblems(app, logger);
  await app.register(createConsole(settings));
  apps.push(app);
  return app;
}

const person = { accept: 'text/html,*/*' };

describe('the console', () => {
  it.each(['/', '/wall', '/calls/0d00/1690.23', '/signed-in?code=x', '/ops/streams/'])(
    'answers %s with its page, which nothing keeps and nobody frames',
    async (url) => {
      const app = await open('built');
      const answer = await app.inject({ url, headers: person });
      expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-cache']);
      const nonce = /<meta name="csp-nonce" content="([^"]+)">/.exec(answer.body)?.[1] ?? '';
      expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
      expect(answer.body).toContain(`<style nonce="${nonce}">`);
      expect(answer.headers['content-security-policy']).toBe(
        [
          "default-src 'none'",
          `script-src 'self' ${hashOf("theme('one')")}`,
          `style-src 'self' 'nonce-${nonce}' ${hashOf('a{}')}`,
          "img-src 'self' data: blob:",
          "media-src 'self' blob:",
          "font-src 'self'",
          "connect-src 'self' https://login.example.com wss://trunkline.example.com",
          "manifest-src 'self'",
          "worker-src 'self'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ].join('; '),
      );
      expect(answer.headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      const again = await app.inject({ url, headers: person });
      expect(again.body).not.toContain(nonce);
    },
  );

  it('gives files with a hash in their name for good, as small as the browser takes them', async () => {
    const app = await open('built');
    const ask = (encoding: string) =>
      app.inject({ url: '/assets/app-1a2b.js', headers: { 'accept-encoding': encoding } });
    const answers = [await ask('gzip, br'), await ask('gzip'), await ask('identity')];
    expect(answers.map(({ body, headers }) => [body, headers['content-encoding']])).toEqual([
      ['smaller by brotli', 'br'],
      ['smaller by gzip', 'gzip'],
      ['run()', undefined],
    ]);
    for (const { headers } of answers)
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'application/javascript; charset=utf-8',
        vary: expect.stringMatching(/accept-encoding/i) as string,
      });
    const icon = await app.inject({ url: '/icon.svg' });
    expect([icon.statusCode, icon.headers['cache-control']]).toEqual([200, 'no-cache']);
    const unchanged = await app.inject({
      url: '/icon.svg',
      headers: { 'if-none-match': String(icon.headers.etag) },
    });
    expect(unchanged.statusCode).toBe(304);
  });

  it.each([
    '/assets/app-9z9z.js',
    '/assets/app-1a2b.js.map',
    '/assets/app-1a2b.js.br',
    '/assets/',
    '/.sources',
    '/index.html',
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets/app-1a2b.js%00.txt',
    '/v1/nothing',
    '/v1',
    '/login',
    '/queues/nothing',
    '/ws',
    '/healthz',
  ])('has nothing at %s, and least of all what lies beside it', async (url) => {
    const app = await open('built');
    const answer = await app.inject({ url, headers: { accept: '*/*' } });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).not.toContain('of nobody');
    // Whoever opens such an address in a browser gets the page at most.
    const opened = await app.inject({ url, headers: person });
    expect(opened.body).not.toMatch(/of nobody|list of sources/);
  });

  it('shows a newer build as soon as it is there', async () => {
    const app = await open('built');
    await writeFile(join(folder, 'built/assets/app-3c4d.js'), 'newer()');
    await writeFile(join(folder, 'built/index.html'), page('another'));
    expect((await app.inject({ url: '/', headers: person })).body).toContain("theme('another')");
    expect((await app.inject({ url: '/assets/app-3c4d.js' })).body).toBe('newer()');
    await writeFile(join(folder, 'built/index.html'), page('one'));
  });

  it('says how to build it where it is not', async () => {
    const app = await open('nothing');
    const answer = await app.inject({ url: '/', headers: person });
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('npm run console')]);
    expect((await app.inject({ url: '/assets/app-1a2b.js' })).statusCode).toBe(404);
  });
});

describe('what the page is told before anybody has signed in', () => {
  const config = async (env: Record<string, string>) =>
    (await (await open('nothing', env)).inject({ url: '/console/config.json' })).json<unknown>();

  it('is where to sign in and where push is, and nothing of a simulator in production', async () => {
    const usual = {
      environment: 'production',
      version: '1.0.0',
      issuer: 'https://login.example.com/realms/acme',
      clientId: 'trunkline-console',
      audience: 'trunkline',
      scope: 'openid profile offline_access',
      pushUrl: null,
      simulator: false,
    };
    expect(await config({})).toEqual(usual);
    expect(await config({ TRUNKLINE_API_SIMULATOR_URL: 'http://127.0.0.1:8099' })).toEqual(usual);
  });

  it('names push and the simulator of a system in development', async () => {
    const env = {
      TRUNKLINE_CONSOLE_ENVIRONMENT: 'development',
      TRUNKLINE_CONSOLE_PUSH_URL: 'ws://127.0.0.1:8090/ws',
      TRUNKLINE_API_SIMULATOR_URL: 'http://127.0.0.1:8099',
    };
    expect(await config(env)).toMatchObject({
      environment: 'development',
      pushUrl: 'ws://127.0.0.1:8090/ws',
      simulator: true,
    });
    const app = await open('built', env);
    const { headers } = await app.inject({ url: '/', headers: person });
    expect(headers['content-security-policy']).toContain(
      "connect-src 'self' https://login.example.com ws://127.0.0.1:8090;",
    );
  });
});
