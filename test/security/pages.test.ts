import { commandQueue } from '@trunkline/pbx-commands';
import { numbers, sessionCookies, tenants } from '@trunkline/api/testing';
import { tenantId } from '@trunkline/domain';
import { Queue } from 'bullmq';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findChromium } from '../realtime/support/find-chromium.ts';
import { allowedOrigin, SecurityLab, sessionSecret } from './support/security-lab.ts';
import { rawRequest } from './support/raw-request.ts';
import { testTheLogs } from './support/test-the-logs.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const hack = 'window.hacked=1';
const names = {
  acme: `<script>${hack}</script><img src=x onerror=${hack}>`,
  other: `"'><svg/onload=${hack}>{{${hack}}}\${${hack}}`,
} as const;

let lab: SecurityLab;
let url: string;
let queue: Queue;
let cookies: ReadonlyMap<string, string>;
beforeAll(async () => {
  lab = await SecurityLab.open();
  url = lab.api.api.url;
  for (const name of ['acme', 'other'] as const)
    await lab.api.query('update pbx set name = $2 where id = $1', [lab.seeded[name].pbx, names[name]]);
  const caller = { number: numbers.caller, name: names.acme };
  await lab.say('acme', 'call.ringing', { call: 'acme-markup', extensions: [], caller });
  const { prefix } = lab.api.opened.context;
  const address = commandQueue(prefix, lab.seeded.acme.pbx);
  const connection = lab.api.redis.open('bullmq producer');
  await lab.api.redis.whenReady(connection);
  queue = new Queue(address.name, { connection, prefix: address.prefix });
  const command = { from: '1001', to: numbers.callee, callerName: names.acme, token: 'hush' };
  await queue.add(`originate ${names.other}`, { command });
  cookies = await sessionCookies(
    { publicUrl: url, secret: sessionSecret },
    {
      tenant: tenantId(tenants.acme),
      user: 'pat',
      tokenId: 'session',
      scopes: new Set(['platform:read', 'platform:write'] as const),
      issuedAt: Date.now(),
      expiresAt: Date.now() + 600_000,
    },
  );
  for (const value of cookies.values()) lab.keepsSecret(value);
});
afterAll(async () => {
  await queue.close();
  await lab[Symbol.asyncDispose]();
});

const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const csrf = () => cookies.get('XSRF-TOKEN') ?? '';

const foreignOrigins = [
  'https://evil.example',
  'null',
  'file://',
  'http://crm.example',
  'https://crm.example:8443',
  'https://crm.example.evil.example',
  'https://evilcrm.example',
  'https://crm.example@evil.example',
  'https://crm.example/',
  'https://crm.example, https://evil.example',
];

describe('a page of an origin that is not on the list', () => {
  it.each(foreignOrigins)('%s can’t open a socket, with a good token or without', async (origin) => {
    for (const token of [undefined, await lab.token()]) {
      const client = lab.client({ token, headers: { origin } });
      await client.ending();
      expect([origin, client.refused]).toEqual([origin, 403]);
    }
  });

  it.each(foreignOrigins)('%s may not call the API, and a browser is told so', async (origin) => {
    const preflight = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    for (const path of ['/v1/calls', '/queues/work/api/queues', '/logout', '/nothing']) {
      const answers = [
        await lab.ask(path, { method: 'OPTIONS', headers: preflight }),
        await lab.ask(path, { token: await lab.token(), headers: { origin } }),
      ];
      for (const { headers } of answers) {
        expect([origin, '*']).not.toContain(headers.get('access-control-allow-origin'));
        expect(headers.get('access-control-allow-credentials')).toBeNull();
      }
    }
  });
});

it('a page of an origin on the list may do both, but with no cookie', async () => {
  const client = lab.client({ token: await lab.token(), headers: { origin: allowedOrigin } });
  await client.hears('connected');
  const headers = { origin: allowedOrigin, 'access-control-request-method': 'POST' };
  const answer = await lab.ask('/v1/calls', { method: 'OPTIONS', headers });
  expect(answer.headers.get('access-control-allow-origin')).toBe(allowedOrigin);
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
});

describe('the cookies of somebody who has signed in', () => {
  const wishes = [
    ['POST', '/v1/sweeps', {}],
    ['POST', '/v1/webhooks', { url: 'https://example.com/hook', types: ['new_call'] }],
    ['POST', '/v1/revocations', { user: 'ana' }],
    ['GET', '/v1/calls', undefined],
    ['GET', '/v1/audit', undefined],
  ] as const;
  it.each(wishes)('are no token: %s %s', async (method, path, body) => {
    const headers = {
      cookie: cookie(),
      origin: url,
      'x-xsrf-token': csrf(),
      'sec-fetch-site': 'same-origin',
    };
    const answer = await lab.ask(path, { method, body, headers });
    expect([answer.status, answer.body['reason']]).toEqual([401, 'missing']);
  });

  const forged: Readonly<Record<string, () => string | Promise<string>>> = {
    'without a seal': () => `trunkline=${Buffer.from('{"sub":"pat"}').toString('base64url')}`,
    'with a broken seal': () => cookie().replace(/(trunkline=[^;]{40})./, '$1_'),
    'with a token instead': async () => `trunkline=${await lab.roleToken('platform')}`,
    'with the secret of forgery as it is': () => `XSRF-TOKEN=${csrf()}`,
    'under another name': () => cookie().replace('trunkline=', '__Host-trunkline='),
  };
  it.each(Object.entries(forged))('open no page %s', async (_what, made) => {
    const given = await made();
    for (const path of [
      '/operations',
      '/queues/work/',
      '/queues/work/api/queues',
      '/queues/view/api/queues',
    ]) {
      const answer = await lab.ask(path, { headers: { cookie: given } });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.text).not.toContain('hacked');
    }
  });
});

describe('another site’s page that has a signed-in browser do something', () => {
  const actions = () => [
    ['PUT', `/queues/work/api/queues/${queue.name}/pause`],
    ['PUT', `/queues/work/api/queues/${queue.name}/clean/waiting`],
    ['PUT', `/queues/work/api/queues/${queue.name}/empty`],
    ['POST', `/queues/work/api/queues/${queue.name}/add`],
    ['POST', '/logout'],
  ];
  const evil = 'https://evil.example';
  const attacks: Readonly<Record<string, () => Record<string, string>>> = {
    'by a form': () => ({ origin: evil, 'sec-fetch-site': 'cross-site' }),
    'by a form of an old browser': () => ({ origin: evil }),
    'from a sandbox': () => ({ origin: 'null' }),
    'without saying where from': () => ({}),
    'from a sister site': () => ({
      origin: 'http://127.0.0.1:1',
      'sec-fetch-site': 'same-site',
      'x-xsrf-token': csrf(),
    }),
    'with the right token from the wrong place': () => ({ origin: evil, 'x-xsrf-token': csrf() }),
    'from the right place without the token': () => ({ origin: url, 'sec-fetch-site': 'same-origin' }),
    'with a guessed token': () => ({ origin: url, 'x-xsrf-token': 'x'.repeat(csrf().length) }),
    'with an empty token': () => ({ origin: url, 'x-xsrf-token': '' }),
    'from a page that may call the API': () => ({ origin: allowedOrigin, 'x-xsrf-token': csrf() }),
  };
  it.each(Object.entries(attacks))('is refused %s', async (_what, headersOf) => {
    for (const [method = '', path = ''] of actions()) {
      const answer = await lab.ask(path, { method, headers: { cookie: cookie(), ...headersOf() } });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect([await queue.isPaused(), await queue.getWaitingCount()]).toEqual([false, 1]);
  });

  it('is told from the page itself, which may', async () => {
    const headers = {
      cookie: cookie(),
      origin: url,
      'x-xsrf-token': csrf(),
      'sec-fetch-site': 'same-origin',
    };
    await lab.ask('/queues/work/api/queues', { headers });
    const turn = (what: string) =>
      lab.ask(`/queues/work/api/queues/${queue.name}/${what}`, { method: 'PUT', headers });
    expect((await turn('pause')).status).toBe(200);
    expect(await queue.isPaused()).toBe(true);
    expect((await turn('resume')).status).toBe(200);
  });
});

describe('markup in the names of callers, PBXs and jobs', () => {
  it('is told as text by everything that answers programs', async () => {
    const { pbx } = lab.seeded.acme;
    const token = await lab.token();
    for (const path of [
      `/v1/calls/${pbx}/acme-markup`,
      '/v1/pbxs',
      `/v1/calls/%3Cscript%3E/${hack}`,
      '/v1/%3Cscript%3E',
      '/assets/%3Cscript%3E',
    ]) {
      const answer = await lab.ask(path, { token, headers: { accept: 'text/html' } });
      expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('runs on no page that a signed-in person opens in a real browser', async () => {
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const context = await browser.newContext();
      await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url })));
      const views = [
        ['/operations', names.acme],
        [`/queues/work/queue/${queue.name}?status=waiting`, names.acme],
      ] as const;
      for (const [path, shown] of views) {
        const page = await context.newPage();
        await page.goto(`${url}${path}`);
        await page.getByText(shown.slice(0, 24)).first().waitFor({ timeout: 60_000 });
        expect(await page.evaluate('window.hacked')).toBeUndefined();
        expect(await page.locator('img[src="x"], svg[onload]').count()).toBe(0);
        const html = await page.content();
        for (const number of Object.values(numbers)) expect(html).not.toContain(number.slice(1));
        expect(html).not.toContain('hush');
        // A script that comes in anyway is not run.
        const inline = `{ const s = document.createElement('script'); s.textContent = '${hack}'; document.body.append(s); }`;
        await page.evaluate(inline);
        expect(await page.evaluate('window.hacked')).toBeUndefined();
      }
    } finally {
      await browser.close();
    }
  });
});

describe('the console', () => {
  it.each([
    '/../package.json',
    '/assets/../../../pages.test.ts',
    '/..%2fpages.test.ts',
    '/assets/..%2f..%2f..%2fpages.test.ts',
    '/%2e%2e/%2e%2e/pages.test.ts',
    '/..%5c..%5cpages.test.ts',
    '/....//....//pages.test.ts',
    '//127.0.0.1/etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    '/assets/app-1a2b.js/../../../security-lab.ts',
    '/assets/app-1a2b.js%00',
    '/%252e%252e/pages.test.ts',
  ])('gives nothing beside its own files: %s', async (path) => {
    for (const accept of ['*/*', 'text/html']) {
      const { text, status } = await rawRequest(Number(new URL(url).port), (socket) =>
        socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\nconnection: close\r\n\r\n`),
      );
      // Its page answers whatever a person opens; anything else is an error in our words.
      expect([200, 400, 404]).toContain(status);
      expect(text).toMatch(status === 200 ? /<title>A console<\/title>/ : /urn:trunkline:problem:/);
      expect(text).not.toMatch(/root:|describe\(|SecurityLab|"private"/);
    }
  });

  it('is told what everybody may know, and of no simulator in production', async () => {
    const { body, headers } = await lab.ask('/console/config.json');
    expect(body).toEqual({
      environment: 'production',
      version: expect.any(String) as string,
      issuer: lab.issuer.url,
      clientId: 'trunkline-console',
      audience: expect.any(String) as string,
      scope: 'openid profile offline_access',
      pushUrl: null,
      simulator: false,
    });
    expect(headers.get('cache-control')).toBe('no-cache');
    const token = await lab.roleToken('platform');
    for (const path of ['/v1/simulator', '/v1/simulator/actions']) {
      const answer = await lab.ask(path, { method: 'POST', token, body: { action: 'drop' } });
      expect([answer.status, (await lab.ask(path, { token })).status]).toEqual([404, 404]);
    }
    expect(JSON.stringify((await lab.ask('/openapi.json')).body)).not.toContain('simulator');
  });

  it('runs its own files in a real browser, and nothing that somebody slips in', async () => {
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage();
      const refused: string[] = [];
      page.on('console', (message) => refused.push(message.text()));
      await page.goto(`${url}/calls/<img src=x onerror=${hack}>?q=<script>${hack}</script>`);
      await page.waitForFunction("document.title === 'It runs'", undefined, { timeout: 60_000 });
      await page.evaluate(
        `{ const s = document.createElement('script'); s.textContent = '${hack}'; document.body.append(s);
           const i = document.createElement('div'); i.innerHTML = '<img src=x onerror="${hack}">'; document.body.append(i);
           const n = document.createElement('style'); n.nonce = document.querySelector('meta[name="csp-nonce"]').content;
           n.textContent = 'body { color: rgb(1, 2, 3) }'; document.head.append(n);
           const w = document.createElement('style'); w.textContent = 'body { color: rgb(9, 9, 9) }'; document.head.append(w); }`,
      );
      await vi.waitFor(() => expect(refused.join('\n')).toMatch(/Content Security Policy/), 10_000);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(1, 2, 3)');
    } finally {
      await browser.close();
    }
  });
});

testTheLogs(() => lab);
