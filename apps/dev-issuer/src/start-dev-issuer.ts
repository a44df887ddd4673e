import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@trunkline/service-kit';
import { importJWK, SignJWT, type JWK } from 'jose';
import type { Provider } from 'oidc-provider';
import { createProvider, tokenSeconds } from './create-provider.ts';
import { errorPage, loginPage, type Page } from './pages.ts';
import { claimsOf, peopleOf, personCalled, type Tenants } from './people.ts';
import { keepSigningKey, signingAlgorithm } from './signing-key.ts';

export interface DevIssuerOptions extends Tenants {
  /** 0 takes any free port. */
  readonly port: number;
  readonly directory: string;
  readonly audience: string;
  readonly redirects: readonly string[];
  readonly logger: Logger;
}

export interface DevIssuer extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
}

/** Nobody else's machine may reach it. */
const host = '127.0.0.1';
const bodyLettersMax = 10_000;

interface Desk extends Omit<DevIssuerOptions, 'port'> {
  readonly url: string;
  readonly key: JWK;
  readonly provider: Provider;
  readonly standard: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export async function startDevIssuer(options: DevIssuerOptions): Promise<DevIssuer> {
  const key = await keepSigningKey(options.directory);
  const server = createServer();
  await listen(server, options.port);
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const cookieKey = createHash('sha256').update(JSON.stringify(key)).digest('base64url');
  const provider = createProvider({ ...options, issuer: url, key, cookieKey });
  const standard = provider.callback();
  const desk: Desk = { ...options, url, key, provider, standard };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    serve(desk, request, response).catch((error: unknown) => {
      options.logger.warn({ err: error }, 'a request to the development issuer failed');
      if (!response.headersSent) sendPage(response, 400, errorPage('Go back and try once more.'));
    });
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeServer(server));
  return { url, close, [Symbol.asyncDispose]: close };
}

async function serve(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', desk.url);
  // A page elsewhere may have a name that leads here; it must not speak to this address under that name.
  if (!isLocal(request.headers.host))
    return sendJson(response, 403, { error: 'only this machine is served' });
  if (pathname === '/dev/token') return giveToken(desk, request, response);
  if (pathname.startsWith('/interaction/')) return interact(desk, request, response);
  await desk.standard(request, response);
}

const isLocal = (name: string | undefined): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(name ?? '');

/** For scripts: `{"person":"olga"}` gives a token at once. Only as JSON, which no page elsewhere can send unasked. */
async function giveToken(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return sendJson(response, 405, { error: 'POST {"person":"olga"}' });
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return sendJson(response, 415, { error: 'send application/json' });
  const person = personCalled(personIn(await bodyOf(request)), desk);
  if (person === undefined) {
    const known = peopleOf(desk)
      .map(({ id }) => id)
      .join(', ');
    return sendJson(response, 400, { error: `"person" must be one of ${known}` });
  }
  const token = await new SignJWT({ ...claimsOf(person, desk) })
    .setProtectedHeader({ alg: signingAlgorithm, kid: desk.key.kid ?? '', typ: 'at+jwt' })
    .setIssuer(desk.url)
    .setAudience(desk.audience)
    .setSubject(person.id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${tokenSeconds}s`)
    .sign(await importJWK(desk.key, signingAlgorithm));
  return sendJson(response, 200, { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds });
}

function personIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { person?: unknown } | null)?.person;
  } catch {
    return undefined;
  }
}

/** The page that asks who somebody is, and what they have answered. */
async function interact(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { provider } = desk;
  const { uid, params, prompt } = await provider.interactionDetails(request, response);
  // Whoever is known has agreed already: it is their own system.
  if (prompt.name === 'consent') {
    const agreed = { consent: {} };
    return provider.interactionFinished(request, response, agreed, { mergeWithLastSubmission: true });
  }
  if (request.method !== 'POST')
    return sendPage(response, 200, loginPage(uid, String(params['client_id']), peopleOf(desk)));
  const person = personCalled(new URLSearchParams(await bodyOf(request)).get('person'), desk);
  if (person === undefined) return sendPage(response, 400, errorPage('Nobody is called that.'));
  await provider.interactionFinished(request, response, { login: { accountId: person.id } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > bodyLettersMax) throw new Error('the body is too long');
  }
  return text;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function sendPage(response: ServerResponse, status: number, { html, policy }: Page): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'content-security-policy': policy,
  });
  response.end(html);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`The development issuer can't listen on ${host}:${port}`, { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
