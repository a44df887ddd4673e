import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@trunkline/backing-services/testing';
import { commandQueue } from '@trunkline/pbx-commands';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { areasOf } from './areas.ts';
import { ApiLab, tenants } from './testing/index.ts';
import { Browser } from './testing/browser.ts';
import { notAtTheTurnOfAMinute } from './testing/turn-of-a-minute.ts';
import { addLetter } from './testing/seed-tenant.ts';

let lab: ApiLab;
let issuer: ChildProcess;
let issuerUrl: string;
let directory: string;
let queue: Queue;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'areas-'));
  const [apiPort, issuerPort] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  issuerUrl = `http://127.0.0.1:${issuerPort}`;
  issuer = spawn(process.execPath, ['apps/dev-issuer/src/main.ts'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      TRUNKLINE_DEV_ISSUER_PORT: String(issuerPort),
      TRUNKLINE_DEV_ISSUER_DIR: directory,
      TRUNKLINE_DEV_ISSUER_TENANT: tenants.acme,
      TRUNKLINE_DEV_ISSUER_REDIRECTS: `${apiUrl}/login/callback`,
      TRUNKLINE_TOKEN_AUDIENCE: 'trunkline',
    },
  });
  await vi.waitFor(() => fetch(`${issuerUrl}/jwks`), { timeout: 50_000 });
  lab = await ApiLab.open({
    env: {
      TRUNKLINE_API_PORT: String(apiPort),
      TRUNKLINE_API_PUBLIC_URL: apiUrl,
      TRUNKLINE_API_SESSION_SECRET: 'x'.repeat(40),
      TRUNKLINE_TOKEN_ISSUER: issuerUrl,
      TRUNKLINE_TOKEN_AUDIENCE: 'trunkline',
    },
    areas: areasOf,
  });
  const { name, prefix } = commandQueue(lab.prefix, lab.pbxs.acme);
  const connection = lab.redis.open('bullmq producer');
  await lab.redis.whenReady(connection);
  queue = new Queue(name, { connection, prefix });
  await queue.add('originate', { command: { from: '1001', to: '+4930123456', token: 'hush' } });
});
afterAll(async () => {
  await queue.close();
  await lab[Symbol.asyncDispose]();
  issuer.kill();
  await rm(directory, { recursive: true });
});

async function signedIn(person: string, to = '/queues'): Promise<Browser> {
  const browser = new Browser();
  await browser.open(`${lab.api.url}${to}`);
  const response = await browser.submit(browser.at, { person });
  expect(response.status).toBe(200);
  return browser;
}

const csrfOf = (browser: Browser): Record<string, string> => ({
  'x-xsrf-token': browser.cookies.get('XSRF-TOKEN') ?? '',
  origin: lab.api.url,
});

const pause = (browser: Browser, headers: Record<string, string>, board = 'work') =>
  browser.send(`${lab.api.url}/queues/${board}/api/queues/${queue.name}/pause`, { method: 'PUT', headers });

describe('signing in', () => {
  it('leads from a page to the issuer and back, into a cookie that no script and no other site can use', async () => {
    const browser = new Browser();
    const login = await browser.open(`${lab.api.url}/operations`);
    expect(await login.text()).toContain('<b>Pat</b>');
    const back = await browser.submit(browser.at, { person: 'pat' });
    const cookies = back.headers.getSetCookie();
    expect(cookies.find((line) => line.startsWith('trunkline='))).toMatch(/HttpOnly; SameSite=Strict/);
    expect(cookies.find((line) => line.startsWith('trunkline-login='))).toMatch(/^trunkline-login=;/);
    const html = await back.text();
    expect(html).toContain('content="0; url=/operations"');
    expect(browser.cookies.get('trunkline')).not.toContain('pat');
    const page = await browser.open(`${lab.api.url}/operations`);
    expect([page.status, browser.at]).toEqual([200, `${lab.api.url}/operations`]);
  });

  it('is refused when the answer belongs to another beginning, and goes nowhere else afterwards', async () => {
    const [one, other] = [new Browser(), new Browser()];
    await one.open(`${lab.api.url}/login?to=//evil.example/`);
    await other.open(`${lab.api.url}/login`);
    const response = await other.send(other.at, {
      method: 'POST',
      body: new URLSearchParams({ person: 'pat' }),
    });
    let next = new URL(response.headers.get('location') ?? '', other.at).href;
    while (!next.startsWith(`${lab.api.url}/login/callback`)) {
      const hop = await other.send(next);
      next = new URL(hop.headers.get('location') ?? '', next).href;
    }
    const stolen = await one.open(next);
    expect(stolen.status).toBe(400);
    expect(one.cookies.has('trunkline')).toBe(false);
    const own = await one.submit((await one.open(`${lab.api.url}/login?to=//evil.example/`), one.at), {
      person: 'pat',
    });
    expect(await own.text()).toContain('url=/operations"');
  });

  it('lets in whoever may see what belongs to all, and nobody else', async () => {
    const browser = await signedIn('olga');
    for (const path of ['/queues', '/queues/view/', '/queues/work/api/queues', '/operations']) {
      const response = await browser.send(`${lab.api.url}${path}`, { headers: { accept: 'text/html' } });
      expect(response.status).toBe(403);
    }
    const anonymous = await fetch(`${lab.api.url}/queues/view/api/queues`);
    expect(anonymous.status).toBe(401);
  });

  it('ends when somebody signs out, also for whoever has kept the cookie, and can’t be changed', async () => {
    const browser = await signedIn('pat');
    const kept = browser.cookies.get('trunkline') ?? '';
    const foreign = await browser.send(`${lab.api.url}/logout`, { method: 'POST' });
    expect(foreign.status).toBe(403);
    await browser.send(`${lab.api.url}/logout`, { method: 'POST', headers: csrfOf(browser) });
    expect(browser.cookies.has('trunkline')).toBe(false);

    const again = new Browser();
    again.cookies.set('trunkline', kept);
    expect((await again.send(`${lab.api.url}/operations`)).status).toBe(401);

    const other = await signedIn('pat');
    expect((await other.send(`${lab.api.url}/operations`)).status).toBe(200);
    const session = other.cookies.get('trunkline') ?? '';
    other.cookies.set('trunkline', `${session.slice(0, -4)}AAAA`);
    expect((await other.send(`${lab.api.url}/operations`)).status).toBe(401);
  });
});

describe('limits', () => {
  it('hold for each address from which nobody has signed in, and for each user who has', async () => {
    const browser = await signedIn('pat');
    await using limited = await ApiLab.open({
      env: {
        TRUNKLINE_API_PUBLIC_URL: lab.api.url,
        TRUNKLINE_API_SESSION_SECRET: 'x'.repeat(40),
        TRUNKLINE_TOKEN_ISSUER: issuerUrl,
        TRUNKLINE_TOKEN_AUDIENCE: 'trunkline',
        TRUNKLINE_API_REQUESTS_PER_USER: '4',
        TRUNKLINE_API_REQUESTS_PER_ADDRESS: '5',
      },
      areas: areasOf,
    });
    await notAtTheTurnOfAMinute();
    const stranger = (path: string, method = 'GET') =>
      new Browser().send(`${limited.api.url}${path}`, { method, headers: { accept: 'text/html' } });
    const pages = [
      ['/login', 302],
      ['/login/callback', 400],
      ['/operations', 302],
      ['/queues', 302],
      ['/logout', 204],
    ] as const;
    for (const [path, status] of pages)
      expect([path, (await stranger(path, path === '/logout' ? 'POST' : 'GET')).status]).toEqual([
        path,
        status,
      ]);
    for (const [path] of pages) {
      const refused = await stranger(path, path === '/logout' ? 'POST' : 'GET');
      expect([path, refused.status]).toEqual([path, 429]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    expect((await limited.ask('/v1/calls', { token: 'nonsense' })).status).toBe(401);

    const statuses: number[] = [];
    for (const path of [
      '/operations',
      '/queues',
      '/queues/work/',
      '/queues/work/api/queues',
      '/operations',
      '/queues/work/api/queues',
    ])
      statuses.push((await browser.send(`${limited.api.url}${path}`)).status);
    expect(statuses).toEqual([200, 302, 200, 200, 429, 429]);
  });
});

describe('the board of queues', () => {
  it('shows every queue with what is in it, without numbers and secrets', async () => {
    const browser = await signedIn('pat');
    const page = await browser.open(`${lab.api.url}/queues`);
    expect(browser.at).toBe(`${lab.api.url}/queues/work/`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const script = /src="(static\/js\/main[^"]+)"/.exec(await page.text())?.[1] ?? '';
    const asset = await browser.send(`${lab.api.url}/queues/work/${script}`);
    expect([asset.status, asset.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('javascript'),
    ]);
    const url = `${lab.api.url}/queues/work/api/queues?activeQueue=${queue.name}&status=waiting&page=1`;
    const text = await (await browser.send(url)).text();
    const { queues } = JSON.parse(text) as {
      queues: { name: string; displayName: string; jobs: { data: unknown }[] }[];
    };
    expect(queues.map(({ displayName }) => displayName)).toEqual(
      expect.arrayContaining([
        'stuck-calls',
        'commands to PBX of acme',
        'commands to PBX of other',
      ]) as string[],
    );
    const [job] = queues.find(({ name }) => name === queue.name)?.jobs ?? [];
    expect(job?.data).toEqual({ command: { from: '1001', to: '***456', token: '[redacted]' } });
    expect(text).not.toMatch(/30123456|hush/);
  });

  it('changes something only for who may, from its own page, and writes it down', async () => {
    const browser = await signedIn('pat');
    await browser.send(`${lab.api.url}/queues/work/api/queues`);
    const own = csrfOf(browser);
    const attacks: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example', 'x-xsrf-token': own['x-xsrf-token'] ?? '' },
      { 'x-xsrf-token': own['x-xsrf-token'] ?? '', 'sec-fetch-site': 'cross-site' },
      { origin: lab.api.url, 'sec-fetch-site': 'same-site', 'x-xsrf-token': own['x-xsrf-token'] ?? '' },
      { origin: lab.api.url },
      { origin: lab.api.url, 'x-xsrf-token': 'guessed' },
    ];
    for (const headers of attacks) expect((await pause(browser, headers)).status).toBe(403);
    expect(await queue.isPaused()).toBe(false);
    expect(await lab.query('select from operator_action')).toEqual([]);

    expect((await pause(browser, own, 'view')).status).toBe(405);
    expect(await queue.isPaused()).toBe(false);
    expect((await pause(browser, { ...own, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(await queue.isPaused()).toBe(true);
    await vi.waitFor(async () =>
      expect(
        await lab.query('select actor, action, outcome, tenant_id from operator_action order by at'),
      ).toEqual(
        ['refused', 'done'].map((outcome) => ({
          actor: 'pat',
          action: 'queue.change',
          outcome,
          tenant_id: tenants.acme,
        })),
      ),
    );
    const [job] = await queue.getJobs();
    const blind = await browser.send(
      `${lab.api.url}/queues/work/api/queues/${queue.name}/${job?.id}/update-data`,
      { method: 'PATCH', headers: { ...own, 'content-type': 'application/json' }, body: '{"jobData":{}}' },
    );
    expect(blind.status).toBe(403);
  });
});

describe('the page about streams', () => {
  it(
    'shows how everything stands, also what nobody can tell just now, and why',
    { timeout: 60_000 },
    async () => {
      await addLetter(lab, lab.pbxs.acme, 1);
      await lab.query(`update pbx set name = '<script>alert(1)</script>' where id = $1`, [lab.pbxs.other]);
      const browser = await signedIn('pat', '/operations');
      const html = async () => (await browser.send(`${lab.api.url}/operations`)).text();
      const well = await html();
      expect(well).toMatch(/<th scope="row">lifecycle<\/th>.*<td class="number bad">1<\/td>/s);
      expect(well).toContain('<caption>Offsets by shard, and who works them</caption>');
      expect(well).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(well).not.toContain('<script>alert');
      expect(well).toContain('no replica has ever looked at this shard');

      lab.databaseProxy.refuse();
      lab.databaseProxy.reset();
      const broken = await html();
      expect(broken).toContain('— PostgreSQL does not answer');
      lab.databaseProxy.accept();
      await vi.waitFor(async () => expect(await html()).not.toContain('PostgreSQL does not answer'), {
        timeout: 20_000,
      });
    },
  );
});
