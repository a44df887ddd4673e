import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { createHash, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Trust } from '../port/target.ts';
import { dial } from './dial.ts';
import type { Endpoint } from './endpoint.ts';
import { openWebSocket, UpgradeRefusedError } from './open-web-socket.ts';
import { request } from './request.ts';

const never = new AbortController().signal;
const wait = { signal: never, timeoutMs: 5_000 };
let key = '';
let cert = '';
let sha256 = '';

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  key = made.private;
  cert = made.cert;
  sha256 = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(
  server: Server,
  protocol: string,
  trust: Trust = { kind: 'public' },
  host = 'localhost',
) {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: new URL(`${protocol}://${host}:${port}`), trust } satisfies Endpoint;
}

const secure = (listener?: RequestListener) => createHttps({ key, cert }, listener);
const said: RequestListener = (incoming, answer) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    answer.end(`${incoming.method} ${incoming.url} ${Buffer.concat(chunks).toString()}`);
  });
};

describe('trust', () => {
  it('refuses a certificate nobody vouches for, and tells its fingerprint', async () => {
    const endpoint = await listen(secure(), 'https');
    await expect(dial(endpoint, wait)).rejects.toMatchObject({
      fault: { kind: 'certificate', fingerprint: sha256 },
      message: expect.stringMatching(/not trusted.*pin its fingerprint sha256:/s) as string,
    });
  });

  it('believes the authority it was given, for the name in the certificate only', async () => {
    const trust: Trust = { kind: 'authority', pem: cert };
    const named = await listen(secure(), 'https', trust);
    (await dial(named, wait)).destroy();
    const other = { ...named, address: new URL(named.address.href.replace('localhost', '127.0.0.1')) };
    await expect(dial(other, wait)).rejects.toMatchObject({ fault: { kind: 'certificate' } });
  });

  it('believes a pinned certificate under any name', async () => {
    const endpoint = await listen(secure(said), 'https', { kind: 'fingerprint', sha256 }, '127.0.0.1');
    const answer = await request(endpoint, { method: 'POST', path: '/a?b=c', body: 'é', ...wait });
    expect(answer).toMatchObject({ status: 200, body: 'POST /a?b=c é' });
  });

  it('writes nothing to a host with another certificate than the pinned one', async () => {
    let bytes = 0;
    const server = createTls({ key, cert }, (socket) => {
      socket.on('data', (chunk) => (bytes += chunk.length)).on('error', () => undefined);
    });
    const endpoint = await listen(server, 'https', { kind: 'fingerprint', sha256: '0'.repeat(64) });
    const refused = request(endpoint, { method: 'POST', path: '/', body: 'secret', ...wait });
    await expect(refused).rejects.toMatchObject({ fault: { kind: 'certificate', fingerprint: sha256 } });
    expect(bytes).toBe(0);
  });

  it('says when the other side speaks no TLS', async () => {
    const endpoint = await listen(createHttp(said), 'https');
    await expect(dial(endpoint, wait)).rejects.toMatchObject({ fault: { kind: 'protocol' } });
  });
});

describe('reaching a PBX', () => {
  it('names what is wrong with a closed port and an unknown name', async () => {
    const endpoint = await listen(createTcp(), 'tcp');
    const server = servers.splice(0)[0];
    server?.close();
    await expect(dial(endpoint, wait)).rejects.toThrow(
      /can't be reached: (?:ECONNREFUSED|.*Nothing listens)/,
    );
    const unknown = { ...endpoint, address: new URL('tcp://pbx.invalid:1') };
    await expect(dial(unknown, wait)).rejects.toMatchObject({ fault: { kind: 'unreachable' } });
  });

  it('gives up on a handshake that never ends, and on command', async () => {
    const endpoint = await listen(createTcp(), 'https');
    await expect(dial(endpoint, { signal: never, timeoutMs: 30 })).rejects.toThrow(
      /no connection within 30 ms/,
    );
    const stop = new AbortController();
    const dialing = dial(endpoint, { signal: stop.signal, timeoutMs: 5_000 });
    stop.abort();
    await expect(dialing).rejects.toMatchObject({ fault: { kind: 'closed' } });
    await expect(dial(endpoint, { signal: stop.signal, timeoutMs: 5_000 })).rejects.toMatchObject({
      fault: { kind: 'closed' },
    });
  });
});

describe('a request', () => {
  it('takes a bounded answer in a bounded time', async () => {
    const endless = createHttp((_request, answer) => {
      const timer = setInterval(() => answer.write('x'.repeat(1_000)), 1);
      answer.on('close', () => clearInterval(timer));
    });
    const endpoint = await listen(endless, 'http');
    const ask = { method: 'GET', path: '/?token=hidden' } as const;
    await expect(request(endpoint, { ...ask, ...wait, bytesMax: 10_000 })).rejects.toMatchObject({
      fault: { kind: 'protocol' },
    });
    const late = request(endpoint, { ...ask, signal: never, timeoutMs: 60 });
    await expect(late).rejects.toMatchObject({ fault: { kind: 'unreachable' } });
    await expect(late).rejects.not.toThrow(/hidden/);
  });

  it('ends with the link: by abort, by a broken answer, by something that is no HTTP', async () => {
    const endpoint = await listen(
      createHttp(() => undefined),
      'http',
    );
    const stop = new AbortController();
    const asking = request(endpoint, { method: 'GET', path: '/', signal: stop.signal, timeoutMs: 5_000 });
    setTimeout(() => stop.abort(), 20);
    await expect(asking).rejects.toMatchObject({ fault: { kind: 'closed' } });

    const broken = await listen(
      createHttp((_request, answer) => answer.socket?.destroy()),
      'http',
    );
    await expect(request(broken, { method: 'GET', path: '/', ...wait })).rejects.toMatchObject({
      fault: { kind: 'unreachable' },
    });
    const banner = createTcp((socket) =>
      socket.on('error', () => undefined).end('Asterisk Call Manager/11.0.0\r\n'),
    );
    const other = await listen(banner, 'http');
    await expect(request(other, { method: 'GET', path: '/', ...wait })).rejects.toMatchObject({
      fault: { kind: 'protocol' },
    });
  });
});

describe('a WebSocket', () => {
  it('opens over a pinned certificate, with path and headers', async () => {
    const server = secure();
    const endpoint = await listen(server, 'https', { kind: 'fingerprint', sha256 });
    const seen = new Promise<string>((resolve) => {
      new WebSocketServer({ server }).on('connection', (socket, { url, headers }) => {
        resolve(`${url} ${headers['user-agent']}`);
        socket.send('hello');
      });
    });
    const socket = await openWebSocket(endpoint, {
      path: '/x?y=1',
      headers: { 'user-agent': 'us' },
      ...wait,
    });
    expect(await seen).toBe('/x?y=1 us');
    socket.terminate();
  });

  it('tells how the upgrade was refused', async () => {
    const endpoint = await listen(
      createHttp((_request, answer) => answer.writeHead(401).end('{"message":"no"}')),
      'http',
    );
    const refused = openWebSocket(endpoint, { path: '/', ...wait });
    await expect(refused).rejects.toBeInstanceOf(UpgradeRefusedError);
    await expect(refused).rejects.toMatchObject({ status: 401, body: '{"message":"no"}' });
  });

  it('gives up on a server that never answers the upgrade, and on command', async () => {
    const endpoint = await listen(
      createTcp((socket) => socket.on('error', () => undefined)),
      'http',
    );
    const silent = openWebSocket(endpoint, { path: '/', signal: never, timeoutMs: 60 });
    await expect(silent).rejects.toMatchObject({ fault: { kind: 'unreachable' } });
    const stop = new AbortController();
    const opening = openWebSocket(endpoint, { path: '/', signal: stop.signal, timeoutMs: 5_000 });
    setTimeout(() => stop.abort(), 20);
    await expect(opening).rejects.toMatchObject({ fault: { kind: 'closed' } });
  });
});
