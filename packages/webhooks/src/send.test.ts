import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { send, type SendOptions } from './send.ts';
import type { Resolve } from './target/resolve-target.ts';
import { webhookBounds } from './webhook-bounds.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const loopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const never = new AbortController().signal;
const options: SendOptions = {
  policy: { privateAllowed: true, ports: 'any' },
  resolve: loopback,
  withinMs: 5_000,
  signal: never,
};
const posting = (url: string) => ({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":"ü"}' });

describe('where a delivery goes', () => {
  it('is the address that was checked, under the name that was meant; the name is asked once', async () => {
    const seen: (string | undefined)[] = [];
    const port = await listen((request, response) => {
      seen.push(request.headers.host);
      response.writeHead(204).end();
    });
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '192.0.2.1', family: 4 }]];
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return answers.shift() ?? [];
    };
    const url = `http://hook.invalid:${port}/`;
    expect(await send(posting(url), { ...options, resolve: rebinding })).toMatchObject({ status: 204 });
    expect([asked, seen]).toEqual([1, [`hook.invalid:${port}`]]);
  });

  it('is nowhere, where the name leads to an address that is not allowed, this time or the next', async () => {
    let connections = 0;
    const port = await listen((_request, response) => {
      connections += 1;
      response.end();
    });
    const policy = { privateAllowed: false, ports: 'any' } as const;
    const answer = await send(posting(`https://hook.invalid:${port}/`), { ...options, policy });
    expect(answer).toEqual({
      status: null,
      error: 'The address of the webhook leads to an address that is not of the public internet.',
    });
    const named = await send(posting(`https://localhost:${port}/`), { ...options, policy });
    expect(named).toMatchObject({ status: null });
    expect(connections).toBe(0);
  });

  it('is judged by the policy of today, whatever was allowed when it was added', async () => {
    const policy = { privateAllowed: false, ports: [443] } as const;
    expect(await send(posting('http://hook.example/'), { ...options, policy })).toMatchObject({
      error: expect.stringContaining('must begin with https') as string,
    });
  });
});

describe('what comes back', () => {
  it('is the status and the beginning of the body; the rest is not waited for', async () => {
    const port = await listen((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(429, { 'retry-after': '7', 'set-cookie': 'a=b' });
        response.write(`${request.method} ${body} ${request.headers['content-length']} `);
        const more = setInterval(() => response.write('x'.repeat(10_000)), 5);
        response.on('close', () => clearInterval(more));
      });
    });
    const answer = await send(posting(`http://127.0.0.1:${port}/`), options);
    expect(answer).toMatchObject({ status: 429, retryAfter: '7' });
    const response = answer.status === null ? '' : answer.response;
    expect(response).toMatch(/^POST \{"a":"ü"\} 10 x+$/);
    expect(Buffer.byteLength(response)).toBe(webhookBounds.responseBytesMax);
  });

  it('is the status also where the body drips and never ends', async () => {
    const port = await listen((_request, response) => void response.writeHead(200).write('a'));
    expect(await send(posting(`http://127.0.0.1:${port}/`), options)).toEqual({
      status: 200,
      retryAfter: null,
      response: 'a',
    });
  });

  it('is a redirect like any other answer', async () => {
    const port = await listen((_request, response) =>
      response.writeHead(301, { location: 'http://169.254.169.254/' }).end(),
    );
    expect(await send(posting(`http://127.0.0.1:${port}/`), options)).toMatchObject({ status: 301 });
  });

  it.each([
    ['no answer', { withinMs: 150 }, () => undefined, 'no answer within 0.15 s'],
    [
      'headers without end',
      {},
      (_request, response) => response.writeHead(200, { a: 'x'.repeat(20_000) }).end(),
      'the headers of the answer were too large',
    ],
    [
      'a connection that breaks',
      {},
      (request) => request.socket.destroy(),
      'the connection broke before there was an answer',
    ],
  ] satisfies [string, Partial<SendOptions>, RequestListener, string][])(
    'is what was wrong: %s',
    async (_what, changed, answer, error) => {
      const port = await listen(answer);
      expect(await send(posting(`http://127.0.0.1:${port}/`), { ...options, ...changed })).toEqual({
        status: null,
        error,
      });
    },
  );

  it('is what was wrong before there was a connection', async () => {
    const error = async (changed: Partial<SendOptions>, url = 'http://hook.invalid:1/') =>
      await send(posting(url), { ...options, ...changed });
    expect(await error({})).toEqual({ status: null, error: 'the connection was refused' });
    const unknown = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    expect(await error({ resolve: () => Promise.reject(unknown) })).toEqual({
      status: null,
      error: 'the name of the host is not known',
    });
    const silent = { resolve: () => new Promise<never>(() => {}), withinMs: 100 };
    expect(await error(silent)).toEqual({ status: null, error: 'no answer within 0.1 s' });
    const port = await listen((_request, response) => response.end());
    expect(await error({}, `https://127.0.0.1:${port}/`)).toMatchObject({
      error: expect.stringContaining('could not be reached') as string,
    });
  });

  it('is nothing at all where nobody waits any more', async () => {
    const stop = new AbortController();
    const port = await listen(() => stop.abort(new Error('stopping')));
    await expect(
      send(posting(`http://127.0.0.1:${port}/`), { ...options, signal: stop.signal }),
    ).rejects.toThrow('aborted');
  });
});
