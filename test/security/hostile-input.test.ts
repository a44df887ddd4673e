import type { Socket } from 'node:net';
import { endings, type ProblemKind } from '@trunkline/realtime-protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { rawRequest } from './support/raw-request.ts';
import { SecurityLab } from './support/security-lab.ts';
import { testTheLogs } from './support/test-the-logs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: SecurityLab;
beforeAll(async () => {
  lab = await SecurityLab.open({
    requestMs: 3_000,
    tuning: (usual) => ({ ...usual, headersMs: 3_000 }),
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const pollution = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';

const malformed = { code: endings.malformed.code, reason: 'malformed' };
const text = (said: string) => (socket: WebSocket) => socket.send(said);

describe('a message to push', () => {
  const closes: Readonly<Record<string, readonly [(socket: WebSocket) => void, object]>> = {
    'that is empty': [text(''), malformed],
    'that is no JSON': [text('{"type":'), malformed],
    'that is no object': [text('"subscribe"'), malformed],
    'that is null': [text('null'), malformed],
    'that is a list': [text('[{"type":"ping"}]'), malformed],
    'that is nested as deep as fits': [text(nested(16_000)), malformed],
    'whose topics are nested deep': [text(`{"type":"subscribe","topics":${nested(16_000)}}`), malformed],
    'whose prototype names its type': [text('{"__proto__":{"type":"ping"}}'), malformed],
    'whose topics are an object': [
      text('{"type":"subscribe","topics":{"length":1,"0":{"topic":"pbx"}}}'),
      malformed,
    ],
    'with a position that is SQL': [
      text(`{"type":"resume","topics":[{"topic":"pbx","epoch":"' or 1=1","offset":"0-0"}]}`),
      malformed,
    ],
    'with a command from another time': [
      text(
        '{"type":"command","id":"1","key":"1","expiresInMs":1e308,"command":{"kind":"acknowledge","notification":"n"}}',
      ),
      malformed,
    ],
    'with a command of no kind': [
      text('{"type":"command","id":"1","key":"1","expiresInMs":1,"command":{"kind":"constructor"}}'),
      malformed,
    ],
    'that is binary': [(socket) => socket.send(Buffer.from('{"type":"ping"}')), malformed],
    'that is too big': [text(`"${'x'.repeat(40_000)}"`), { code: 1009, reason: '' }],
    'that is too big in pieces': [
      (socket) => {
        for (let index = 0; index < 12; index += 1) socket.send('x'.repeat(4_000), { fin: index === 11 });
      },
      { code: 1009, reason: '' },
    ],
    'in more pieces than anybody needs': [
      (socket) => {
        for (let index = 0; index < 500; index += 1) socket.send('', { fin: false });
      },
      { code: 1008, reason: '' },
    ],
    'that is no UTF-8': [
      (socket) => socket.send(Buffer.from([0xc0, 0x80]), { binary: false }),
      { code: 1007, reason: '' },
    ],
  };
  it.each(Object.entries(closes))('%s ends the connection with its code', async (_what, [say, ending]) => {
    const client = await lab.connected();
    say(client.webSocket);
    expect(await client.ending()).toEqual(ending);
  });

  it.each(Object.entries(closes))('%s ends it before anybody is known, too', async (_what, [say, ending]) => {
    const client = lab.client();
    await client.hears('hello');
    say(client.webSocket);
    expect(await client.ending()).toEqual(ending);
  });

  const answered: Readonly<Record<string, readonly [string, ProblemKind]>> = {
    'of an unknown type': ['{"type":"sing"}', 'unknown_type'],
    'of a type that every object has': ['{"type":"constructor"}', 'unknown_type'],
    'of a type that objects inherit': ['{"type":"__proto__"}', 'unknown_type'],
    'of a type with markup': ['{"type":"<script>alert(1)</script>"}', 'unknown_type'],
    'that would change what objects inherit': [`{"type":"toString",${pollution.slice(1)}`, 'unknown_type'],
  };
  it.each(Object.entries(answered))(
    '%s is refused, and nothing else happens',
    async (_what, [said, kind]) => {
      const client = await lab.connected();
      client.webSocket.send(said);
      expect(await client.hears('error')).toMatchObject({ kind });
      client.say({ type: 'ping', id: 'still here' });
      await client.hears('pong');
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );
});

describe('a body to the API', () => {
  const json = 'application/json';
  const bodies: Readonly<Record<string, readonly [string, string, readonly number[]]>> = {
    'that is no JSON': ['{"pbx":', json, [400]],
    'that is nested as deep as fits': [nested(32_000), json, [400]],
    'nested deep within a field': [`{"from":${nested(30_000)}}`, json, [400]],
    'that would change what objects inherit': [pollution, json, [422]],
    'that is a list': ['[]', json, [422]],
    'that is a number': ['1e999', json, [422]],
    'that is too large': [`{"from":"${'x'.repeat(70_000)}"}`, json, [413]],
    'with a NUL in a text': ['{"from":"10\\u000001","to":"1"}', json, [422]],
    'with half a character': ['{"from":"10\\ud800","to":"1"}', json, [422]],
    'of a form': ['from=1&to=2', 'application/x-www-form-urlencoded', [415]],
    'of a form with files': ['--x\r\n\r\n--x--', 'multipart/form-data; boundary=x', [415]],
    'of text, as a form of another site may send it': ['{"from":"1"}', 'text/plain', [415]],
    'of XML': ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 'application/xml', [415]],
    'in another charset': ['{"from":"1"}', 'application/json; charset=utf-16', [400, 415, 422]],
  };

  it.each(Object.entries(bodies))('%s is refused', async (_what, [body, type, statuses]) => {
    for (const path of ['/v1/calls', '/v1/sweeps', '/v1/webhooks', '/v1/revocations']) {
      const headers = { 'content-type': type, 'idempotency-key': `key-${path.length}-${body.length}` };
      const answer = await lab.ask(path, { method: 'POST', token: await lab.token(), body, headers });
      expect([path, statuses.includes(answer.status), answer.status]).toEqual([path, true, answer.status]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.text).not.toMatch(/node_modules|\.ts:|root:/);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each(Object.entries(bodies))('%s does no harm where none is wanted', async (_what, [body, type]) => {
    const path = `/v1/pbxs/${lab.seeded.acme.pbx}/snapshot`;
    const headers = { 'content-type': type, 'idempotency-key': `none-${body.length}-${type.length}` };
    const answer = await lab.ask(path, { method: 'POST', token: await lab.token(), body, headers });
    expect(answer.status).toBeLessThan(500);
  });
});

describe('a path or a query to the API', () => {
  const pbx = '10000000-0000-4000-8000-000000000099';
  const answers: readonly (readonly [path: string, status: number])[] = [
    ['/v1/calls?__proto__[polluted]=1', 400],
    ['/v1/calls?constructor.prototype.polluted=1', 400],
    ['/v1/calls?extension=%00', 400],
    ['/v1/calls?extension=%ed%a0%80', 200],
    ['/v1/calls?status[]=ringing', 400],
    [`/v1/calls?status=${'ringing,'.repeat(1_000)}`, 400],
    ["/v1/calls?pbx=1' or '1'='1", 400],
    [`/v1/calls?after=${'A'.repeat(1_900)}`, 400],
    ['/v1/calls?after=bnVsbA', 400],
    [`/v1/calls/${pbx}/%00`, 400],
    [`/v1/calls/${pbx}/${'x'.repeat(5_000)}`, 404],
    ['/v1/calls/%zz/%zz', 400],
    ['/v1/calls/..%2f..%2fetc%2fpasswd/x', 400],
    ['/v1/../../../../etc/passwd', 404],
    ['/v1/webhooks/deliveries/%27%3b--', 400],
    ['/operations/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/constructor', 404],
  ];
  it.each(answers.map(([path, status]) => [path.slice(0, 80), status, path] as const))(
    '%s is answered by %i',
    async (_name, status, path) => {
      const answer = await lab.ask(path, { token: await lab.token() });
      expect(answer.status).toBe(status);
      expect(answer.text).not.toMatch(/node_modules|\.ts:|root:|syntax/);
    },
  );
});

describe('bytes that are no proper request', () => {
  const requests: Readonly<Record<string, string>> = {
    'no HTTP at all': '\u0000\u0001\u0002\u0003\r\n\r\n',
    'a hello of TLS': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    'two lengths': 'POST /v1/calls HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    'a length and chunks':
      'POST /v1/calls HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
    'chunks of no size':
      'POST /v1/calls HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n',
    'a length below zero': 'POST /v1/calls HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    'no host': 'GET /v1/calls HTTP/1.1\r\n\r\n',
    'a NUL in a header': 'GET /ws HTTP/1.1\r\nhost: x\r\nx-bad: a\u0000b\r\n\r\n',
    'a header on two lines': 'GET /ws HTTP/1.1\r\nhost: x\r\nx-bad: a\r\n b: c\r\nconnection: close\r\n\r\n',
    'a huge header': `GET /ws HTTP/1.1\r\nhost: x\r\nx-huge: ${'y'.repeat(200_000)}\r\n\r\n`,
    'thousands of headers': `GET /ws HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(20_000)}\r\n`,
    'a huge path': `GET /${'p'.repeat(200_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    'a tunnel to elsewhere': 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:22\r\n\r\n',
  };
  const doors = { 'the API': () => lab.api.api.port, push: () => lab.pushPort };

  describe.each(Object.entries(doors))('to %s', (_door, portOf) => {
    it.each(Object.entries(requests))('%s: are refused, and the connection ends', async (_what, bytes) => {
      const answer = await rawRequest(portOf(), (socket: Socket) => socket.write(bytes, 'latin1'));
      expect(answer.status ?? 400).toBeGreaterThanOrEqual(400);
      expect(answer.status ?? 400).toBeLessThan(500);
      expect(answer.text).not.toContain('smuggled');
    });
  });

  const upgrades: Readonly<Record<string, readonly [string, number]>> = {
    'of another version': ['sec-websocket-version: 7\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', 400],
    'without a key': ['sec-websocket-version: 13', 400],
    'with a key that is none': ['sec-websocket-version: 13\r\nsec-websocket-key: x', 400],
    'to another protocol': ['sec-websocket-version: 13', 400],
  };
  it.each(Object.entries(upgrades))('an upgrade %s is refused', async (_what, [headers, status]) => {
    const head = `GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n`;
    const request = `${head}sec-websocket-protocol: trunkline.v1\r\n${headers}\r\n\r\n`;
    const answer = await rawRequest(lab.pushPort, (socket) => socket.write(request));
    expect(answer.status).toBe(status);
  });
});

it('all of it was refused as what it is: nothing failed, and both serve as before', async () => {
  const failures = lab.logged.split('\n').filter((line) => /"level":(?:"(?:error|fatal)"|[56]0)/.test(line));
  expect(failures).toEqual([]);
  expect((await lab.ask('/v1/calls', { token: await lab.token() })).status).toBe(200);
  await (await lab.connected()).subscribe('calls');
});

testTheLogs(() => lab);
