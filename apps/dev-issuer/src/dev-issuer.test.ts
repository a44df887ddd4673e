import { createTokenVerifier, roleScopes, type Principal } from '@trunkline/access';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@trunkline/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people, startDevIssuer, type DevIssuer } from './index.ts';
import { refuseProduction } from './refuse-production.ts';

const tenant = '0d000000-0000-4000-8000-000000000001';
const otherTenant = '0d000000-0000-4000-8000-0000000000ff';
const redirect = 'http://127.0.0.1:4321/login/callback';
const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });

let directory: string;
let issuer: DevIssuer;
const start = (port = 0) =>
  startDevIssuer({
    port,
    directory,
    tenant,
    otherTenant,
    audience: 'trunkline',
    redirects: [redirect],
    logger,
  });
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dev-issuer-'));
  issuer = await start();
});
afterAll(async () => {
  await issuer.close();
  await rm(directory, { recursive: true });
});

const verify = (token: string): Promise<Principal> =>
  createTokenVerifier({
    issuer: issuer.url,
    audience: 'trunkline',
    claims: { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' },
    lifeMsMax: 86_400_000,
  }).verify(token);

const ask = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${issuer.url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const tokenOf = async (person: string): Promise<string> =>
  ((await (await ask({ person })).json()) as { access_token: string }).access_token;

describe('tokens for scripts', () => {
  it.each(people.map((person) => [person.id, person.role, person] as const))(
    '%s gets what a %s may',
    async (id, role, { isElsewhere }) => {
      const principal = await verify(await tokenOf(id));
      const whose = isElsewhere === true ? otherTenant : tenant;
      expect(principal).toMatchObject({ tenant: whose, user: id, scopes: new Set(roleScopes[role]) });
    },
  );

  it('are for people who are there, and for whoever says so in JSON under the local name', async () => {
    expect((await ask({ person: 'eve' })).status).toBe(400);
    expect((await ask('nonsense')).status).toBe(400);
    expect((await ask({ person: 'ana' }, { 'content-type': 'text/plain' })).status).toBe(415);
    const status = await new Promise((resolve) => {
      const asking = request(`${issuer.url}/dev/token`, {
        method: 'POST',
        headers: { host: 'evil.example' },
      });
      asking.once('response', (response) => resolve(response.statusCode));
      asking.end();
    });
    expect(status).toBe(403);
  });

  it('outlive a restart, since the key is kept, for its owner alone', async () => {
    const token = await tokenOf('sam');
    const { port } = new URL(issuer.url);
    await issuer.close();
    issuer = await start(Number(port));
    expect((await verify(token)).user).toBe('sam');
    expect((await stat(join(directory, 'signing-key.json'))).mode & 0o077).toBe(0);
  });
});

describe('signing in', () => {
  it('goes by code flow with PKCE, a page that lists everybody, and refresh tokens that are used once', async () => {
    const browser = new Browser();
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: 'trunkline-console',
      response_type: 'code',
      scope: 'openid profile offline_access',
      redirect_uri: redirect,
      state: 'a-state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      prompt: 'consent',
    });
    const page = await browser.get(`${issuer.url}/auth?${query.toString()}`);
    const html = await page.text();
    for (const { name } of people) expect(html).toContain(`<b>${name}</b>`);
    expect(html).toContain('trunkline-console');
    const back = await browser.post(browser.at, 'person=olga');
    expect(back.origin + back.pathname).toBe(redirect);
    expect(back.searchParams.get('state')).toBe('a-state');

    const code = back.searchParams.get('code') ?? '';
    const exchange = (fields: Record<string, string>) =>
      fetch(`${issuer.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: 'trunkline-console', ...fields }),
      });
    const wrong = await exchange({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirect,
      code_verifier: 'x'.repeat(43),
    });
    expect(wrong.status).toBe(400);
    const again = await browser.get(`${issuer.url}/auth?${query.toString()}`);
    const second = new URL(again.headers.get('location') ?? browser.at).searchParams.get('code') ?? '';
    const given = await exchange({
      grant_type: 'authorization_code',
      code: second,
      redirect_uri: redirect,
      code_verifier: verifier,
    });
    const tokens = (await given.json()) as Record<'access_token' | 'refresh_token' | 'id_token', string>;
    expect(await verify(tokens.access_token)).toMatchObject({
      user: 'olga',
      tenant,
      scopes: new Set(roleScopes.operator),
    });

    const refreshed = await exchange({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    const next = (await refreshed.json()) as { access_token: string };
    expect((await verify(next.access_token)).user).toBe('olga');
    expect(
      (await exchange({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).status,
    ).toBe(400);

    // Signing out asks nothing more, leads back, and the next one to come is asked who they are.
    const leaving = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${new URL(redirect).origin}/signed-out`,
    });
    const asked = await browser.get(`${issuer.url}/session/end?${leaving.toString()}`);
    const xsrf = /name="xsrf" value="(\w+)"/.exec(await asked.text())?.[1] ?? '';
    const left = await browser.post(`${issuer.url}/session/end/confirm`, `xsrf=${xsrf}&logout=yes`);
    expect(left.href).toBe(`${new URL(redirect).origin}/signed-out`);
    const afterwards = await browser.get(`${issuer.url}/auth?${query.toString()}`);
    expect(await afterwards.text()).toContain('Who are you?');
  });

  it('works from a page of another address: it may read what the issuer says of itself, keys and tokens', async () => {
    for (const [path, method] of [
      ['/.well-known/openid-configuration', 'GET'],
      ['/jwks', 'GET'],
      ['/token', 'POST'],
      ['/token/revocation', 'POST'],
    ] as const) {
      const headers = { origin: new URL(redirect).origin, 'access-control-request-method': method };
      const preflight = await fetch(`${issuer.url}${path}`, { method: 'OPTIONS', headers });
      const allowed = preflight.headers.get('access-control-allow-origin');
      expect([path, allowed]).toEqual([path, headers.origin]);
    }
  });

  it('is refused without PKCE, and for a place that was not agreed on', async () => {
    const query = {
      client_id: 'trunkline-console',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirect,
    };
    const location = async (fields: Record<string, string>) =>
      (
        await fetch(`${issuer.url}/auth?${new URLSearchParams(fields).toString()}`, { redirect: 'manual' })
      ).headers.get('location');
    expect(await location(query)).toContain('error=invalid_request');
    expect(await location({ ...query, redirect_uri: 'https://evil.example/' })).toBeNull();
  });
});

it('does not start in production', () => {
  for (const env of [{ NODE_ENV: 'production' }, { TRUNKLINE_ENV: 'Production' }])
    expect(() => refuseProduction(env)).toThrow(/TRUNKLINE_TOKEN_ISSUER/);
  expect(() => refuseProduction({ NODE_ENV: 'development' })).not.toThrow();
});

/** Cookies and redirects, as far as this needs them. */
class Browser {
  readonly #cookies = new Map<string, string>();
  /** Where it has come to. */
  at = '';

  async get(url: string): Promise<Response> {
    for (let hop = 0; hop < 10; hop += 1) {
      const response = await this.#send(url, {});
      this.at = url;
      const location = response.headers.get('location');
      if (location === null) return response;
      const next = new URL(location, url);
      if (next.origin === new URL(redirect).origin) return response;
      url = next.href;
    }
    throw new Error('too many redirects');
  }

  /** Sends a form and gives the place outside to which that leads. */
  async post(url: string, body: string): Promise<URL> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await this.#send(url, { method: 'POST', body, headers });
    const next = new URL(response.headers.get('location') ?? '', url);
    if (next.origin === new URL(redirect).origin) return next;
    const end = await this.get(next.href);
    return new URL(end.headers.get('location') ?? '');
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie);
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}
