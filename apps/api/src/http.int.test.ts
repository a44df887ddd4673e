import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { createCommandServer, type CommandKind } from '@trunkline/pbx-commands';
import { createLogger } from '@trunkline/service-kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { routes } from './routes/index.ts';
import { ApiLab, type Answer } from './testing/index.ts';
import { notAtTheTurnOfAMinute } from './testing/turn-of-a-minute.ts';
import { addLetter, numbers, seedTenant, type Seeded } from './testing/seed-tenant.ts';

const silent = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
const lines: string[] = [];
const logger = createLogger({
  name: 'api',
  level: 'debug',
  redactPhoneNumbers: true,
  destination: { write: (line: string) => void lines.push(line) },
});

let lab: ApiLab;
let own: Seeded;
let operator: string;
let agent: string;
beforeAll(async () => {
  lab = await ApiLab.open({ logger, env: { TRUNKLINE_API_CORS_ORIGINS: 'https://crm.example' } });
  own = await seedTenant(lab, 'acme');
  [operator, agent] = [await lab.token('operator'), await lab.token('agent', { user: 'agatha' })];
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Whoever holds the link, for as long as the block lasts. */
async function answering(outcome: unknown, seen: CommandKind[] = []) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(createCommandServer({ redis: lab.redis, prefix: lab.prefix, logger: silent }));
  stack.use(
    server.serveCommands(own.pbx, async ({ kind }) => {
      seen.push(kind);
      return outcome as { ok: true; result: 'done' };
    }),
  );
  return stack;
}

const wish = () => ({ pbx: own.pbx, from: '1001', to: '+4930777777' });

describe('phone numbers', () => {
  it('are shown in full to whoever may see them, and masked everywhere to everybody else', async () => {
    const path = `/v1/calls/${own.pbx}/${own.endedCall}`;
    const letter = `/v1/dead-letters/${own.letters.toRead}`;
    const [full, masked] = [await lab.ask(path, { token: operator }), await lab.ask(path, { token: agent })];
    expect(full.body).toMatchObject({ callerNumber: numbers.caller, calleeNumber: numbers.callee });
    expect(masked.body).toMatchObject({
      callerNumber: '***456',
      calleeNumber: '***567',
      call: own.endedCall,
    });
    const opsOnly = await lab.token(['calls:read', 'ops:read']);
    const texts = await Promise.all(
      ['/v1/calls', '/v1/calls/stats?timeoutMinutes=1', letter].map((each) =>
        lab.ask(each, { token: opsOnly }),
      ),
    );
    for (const { status, text } of [masked, ...texts]) {
      expect(status).toBe(200);
      for (const number of Object.values(numbers)) expect(text).not.toContain(number.slice(1));
    }
    expect((await lab.ask(letter, { token: operator })).text).toContain(numbers.caller);
  });

  it('can’t be found out by asking for parts of them', async () => {
    for (const query of [
      'numberStartsWith=%2B4930',
      'numberEndsWith=56',
      `extension=${encodeURIComponent(numbers.caller)}`,
    ]) {
      const answer = await lab.ask(`/v1/calls?${query}`, { token: agent });
      expect(answer.body).toMatchObject({ status: 403, scope: 'numbers:read' });
      const shown = (await lab.ask(`/v1/calls?${query}`, { token: operator })).body as { items: unknown[] };
      expect(shown.items.length).toBeGreaterThan(0);
    }
    expect((await lab.ask('/v1/calls?extension=1001', { token: agent })).status).toBe(200);
  });
});

describe('lists', () => {
  it('are filtered, and paged without a gap', async () => {
    const keys = ({ body }: Answer) => (body as { items: { call: string }[] }).items.map(({ call }) => call);
    const all = keys(await lab.ask('/v1/calls', { token: operator }));
    expect(all.toSorted()).toEqual(['acme-ended', 'acme-lost', 'acme-open']);
    const paged: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page += 1) {
      const answer = await lab.ask(`/v1/calls?limit=1${after}`, { token: operator });
      paged.push(...keys(answer));
      after = `&after=${String(answer.body['next'])}`;
    }
    expect(paged).toEqual(all);
    const of = async (query: string) =>
      keys(await lab.ask(`/v1/calls?${query}`, { token: operator })).toSorted();
    expect(await of('status=ringing,held&status=connected')).toEqual(['acme-open']);
    expect(await of('status=connected,held')).toEqual(['acme-open']);
    expect(await of('status=connected&status=ringing')).toEqual(['acme-open']);
    expect(await of('cause=pbx_disconnected')).toEqual(['acme-lost']);
    expect(await of(`to=${new Date(Date.now() - 30_000).toISOString()}`)).toEqual(['acme-lost']);
    expect(await of(`pbx=${own.pbx}&extension=1001&status=ended`)).toEqual(['acme-lost']);
    expect(await of('stuck=true')).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit', 'at least 1'],
    ['limit=501', 'limit', 'at most 500'],
    ['limit=many', 'limit', 'whole number'],
    ['status=sleeping', 'status.0', 'one of calling'],
    ['from=yesterday', 'from', 'a time such as'],
    ['pbx=head-office', 'pbx', 'a uuid'],
    ['stuck=yes', 'stuck', 'true or false'],
    ['colour=red', 'colour', 'not known here'],
  ])('refuse %s and say what is wrong with it', async (query, field, remedy) => {
    const { status, body } = await lab.ask(`/v1/calls?${query}`, { token: operator });
    expect(status).toBe(400);
    expect(body['errors']).toEqual([
      { in: 'query', field, problem: expect.stringContaining(remedy) as string },
    ]);
    expect(body['detail']).toContain(field);
  });

  it('refuse a cursor that was not given', async () => {
    const { status, body } = await lab.ask('/v1/calls?after=abc', { token: operator });
    expect([status, body['detail']]).toEqual([400, 'The cursor is not one that was given with a page.']);
  });
});

describe('bodies', () => {
  it.each([
    ['{', 400, 'not valid JSON'],
    [{ pbx: 'x', from: '', to: 7 }, 422, 'pbx'],
    [{}, 422, 'pbx: is missing'],
    [[], 422, 'must be an object'],
    ['['.repeat(30_000) + ']'.repeat(30_000), 400, 'levels deep'],
    [{ from: '1', to: '2', colour: 'red' }, 422, 'colour'],
    ['x'.repeat(70_000), 413, 'too large'],
  ])('%j is refused', async (body, status, detail) => {
    const answer = await lab.post('/v1/calls', operator, body);
    expect(answer.status).toBe(status);
    expect(answer.body['detail']).toContain(detail);
    expect(answer.text).not.toMatch(/\.ts|at .*:\d+/);
  });

  it('of another type are refused', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await lab.ask('/v1/sweeps', { method: 'POST', token: operator, body: 'x', headers });
    expect(answer.status).toBe(415);
  });

  it('that are empty lists start nothing', async () => {
    const count = async () => (await lab.query('select id from operator_action')).length;
    const before = await count();
    expect((await lab.post('/v1/sweeps', operator, [])).status).toBe(422);
    expect(await count()).toBe(before);
  });

  it('an unverified sweep needs to be confirmed', async () => {
    const refused = await lab.post('/v1/sweeps', operator, { verify: false });
    expect([refused.status, refused.body['reason']]).toEqual([422, 'unconfirmed']);
    const done = await lab.post('/v1/sweeps', operator, { verify: false, confirmUnverified: true });
    expect(done.status).toBe(202);
    expect(done.headers.get('location')).toBe(done.body['status']);
    const { body } = await lab.ask(String(done.body['status']), { token: operator });
    expect(body).toMatchObject({ stage: 'waiting', request: { verify: false, by: 'ana' } });
  });
});

describe('call control', () => {
  const outcomes = [
    [{ ok: false, problem: 'refused', message: 'no such phone' }, 502, 'refused', 'refused'],
    [{ ok: false, problem: 'not-connected', message: 'the link is down' }, 503, 'not-connected', 'failed'],
    [{ ok: false, problem: 'failed', message: 'the socket closed' }, 504, 'failed', 'unknown'],
  ] as const;
  it.each(outcomes)('tells what became of it: %j', async (outcome, status, reason, audited) => {
    await using _pbx = await answering(outcome);
    const answer = await lab.post('/v1/calls', operator, wish());
    expect([answer.status, answer.body['reason']]).toEqual([status, reason]);
    const [last] = await lab.query(
      'select outcome, action, actor from operator_action order by at desc limit 1',
    );
    expect(last).toEqual({ outcome: audited, action: 'call.originate', actor: 'ana' });
  });

  it('says that nothing was done when nobody holds the link', async () => {
    const answer = await lab.post('/v1/calls', operator, wish());
    expect([answer.status, answer.body['reason']]).toEqual([503, 'nobody']);
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it('does not hang up what has ended, nor asks a PBX that is switched off', async () => {
    const ended = await lab.post(`/v1/calls/${own.pbx}/${own.endedCall}/hangup`, operator);
    expect([ended.status, ended.body['reason']]).toEqual([409, 'ended']);
    await lab.query('update pbx set enabled = false where id = $1', [own.pbx]);
    try {
      const off = await lab.post('/v1/calls', operator, wish());
      expect([off.status, off.body['reason']]).toEqual([409, 'disabled']);
    } finally {
      await lab.query('update pbx set enabled = true where id = $1', [own.pbx]);
    }
  });

  it('is read back in the audit, with numbers for whoever may see them', async () => {
    await using _pbx = await answering({ ok: true, result: { call: 'made' } });
    expect((await lab.post('/v1/calls', operator, wish())).status).toBe(201);
    const first = async (token: string) =>
      ((await lab.ask('/v1/audit?action=call.originate&limit=1', { token })).body as { items: unknown[] })
        .items[0];
    const done = { actor: 'ana', outcome: 'done', target: own.pbx, finishedAt: expect.any(String) as string };
    expect(await first(operator)).toMatchObject({ ...done, details: { from: '1001', to: '+4930777777' } });
    expect(await first(await lab.token(['ops:read']))).toMatchObject({ ...done, details: { to: '***777' } });
  });
});

describe('operators', () => {
  it('learn that a PBX blocks us, and say when it does not any more', async () => {
    await lab.query(
      `insert into pbx_block (pbx_id, egress, until, reason) values ($1, 'here', now() + interval '10 minutes', 'logins')`,
      [own.pbx],
    );
    const path = `/v1/pbxs/${own.pbx}/retry`;
    const blocked = await lab.post(path, operator, {});
    expect([blocked.status, blocked.body['reason']]).toEqual([409, 'blocked']);
    expect(blocked.body['detail']).toContain('"unblocked": true');
    expect((await lab.post(path, operator, { unblocked: true })).status).toBe(202);
    expect(await lab.query('select from pbx_block')).toEqual([]);
  });

  it('replay a dead letter once, and are told when that can’t be', async () => {
    const replay = (id: string, token = operator) => lab.post(`/v1/dead-letters/${id}/replay`, token);
    const good = await addLetter(lab, own.pbx, 5_001);
    expect((await replay(good)).body).toEqual({ id: good, state: 'replayed' });
    expect((await lab.ask(`/v1/calls/${own.pbx}/letter-5001`, { token: operator })).body['status']).toBe(
      'ringing',
    );
    const again = await replay(good);
    expect([again.status, again.body['reason']]).toEqual([409, 'replayed']);
    const broken = await replay(await addLetter(lab, own.pbx, 5_002, { payload: { nonsense: true } }));
    expect([broken.status, broken.body['reason']]).toEqual([422, 'failed']);
    const unreadable = await replay(await addLetter(lab, own.pbx, 5_003, { group: 'link' }));
    expect([unreadable.status, unreadable.body['reason']]).toEqual([422, 'unreadable']);
  });

  it('see letters of PBXs that nobody knows only if they run the installation', async () => {
    const stray = await addLetter(lab, '99999999-0000-4000-8000-000000000000', 1);
    const platform = await lab.token('platform');
    for (const path of [`/v1/dead-letters/${stray}`]) {
      expect((await lab.ask(path, { token: operator })).status).toBe(404);
      expect((await lab.ask(path, { token: platform })).status).toBe(200);
    }
    const list = '/v1/dead-letters?unknownPbx=true';
    expect((await lab.ask(list, { token: operator })).body).toMatchObject({
      status: 403,
      scope: 'platform:read',
    });
    const { items } = (await lab.ask(list, { token: platform })).body as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual([stray]);
    expect((await lab.post(`/v1/dead-letters/${stray}/drop`, operator)).status).toBe(404);
    expect((await lab.post(`/v1/dead-letters/${stray}/drop`, platform)).status).toBe(200);
  });

  it('take tokens back', async () => {
    const [theirs, other] = [
      await lab.token('agent', { user: 'eve' }),
      await lab.token('agent', { user: 'adam' }),
    ];
    expect((await lab.ask('/v1/calls', { token: theirs })).status).toBe(200);
    expect((await lab.post('/v1/revocations', operator, { user: 'eve' })).status).toBe(200);
    expect((await lab.ask('/v1/calls', { token: theirs })).body).toMatchObject({
      status: 401,
      reason: 'revoked',
    });
    expect((await lab.ask('/v1/calls', { token: other })).status).toBe(200);
    expect((await lab.post('/v1/revocations', operator, {})).status).toBe(422);
  });
});

describe('an Idempotency-Key', () => {
  const key = (name: string) => ({ 'idempotency-key': name });

  it('has a wish carried out once, by whomever it is sent how often', async () => {
    const seen: CommandKind[] = [];
    await using _pbx = await answering({ ok: true, result: { call: 'once' } }, seen);
    const first = await lab.post('/v1/calls', operator, wish(), key('k1'));
    const second = await lab.post('/v1/calls', operator, wish(), key('k1'));
    expect(seen).toEqual(['originate']);
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    const other = await lab.post('/v1/calls', operator, { ...wish(), to: '1002' }, key('k1'));
    expect(other.status).toBe(422);
    expect(other.body['detail']).toContain('Idempotency-Key');
    const somebody = await lab.token('operator', { user: 'sam' });
    expect((await lab.post('/v1/calls', somebody, wish(), key('k1'))).status).toBe(201);
    expect(seen).toHaveLength(2);
  });

  it('keeps an outcome that nobody knows, and forgets a wish of which nothing was done', async () => {
    const seen: CommandKind[] = [];
    {
      await using _pbx = await answering(
        { ok: false, problem: 'failed', message: 'the socket closed' },
        seen,
      );
      for (let turn = 0; turn < 2; turn += 1)
        expect((await lab.post('/v1/calls', operator, wish(), key('k2'))).status).toBe(504);
      expect(seen).toHaveLength(1);
    }
    expect((await lab.post('/v1/calls', operator, wish(), key('k3'))).status).toBe(503);
    await using _pbx = await answering({ ok: true, result: { call: 'later' } });
    expect((await lab.post('/v1/calls', operator, wish(), key('k3'))).status).toBe(201);
  });

  it('is told to wait while the first request is under way', async () => {
    let let1Go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      let1Go = resolve;
    });
    await using server = createCommandServer({ redis: lab.redis, prefix: lab.prefix, logger: silent });
    let begun = false;
    await using _serving = server.serveCommands(own.pbx, async () => {
      begun = true;
      await gate;
      return { ok: true, result: { call: 'slow' } };
    });
    const first = lab.post('/v1/calls', operator, wish(), key('k4'));
    await vi.waitFor(() => expect(begun).toBe(true), { timeout: 10_000 });
    const second = await lab.post('/v1/calls', operator, wish(), key('k4'));
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
    let1Go();
    expect((await first).status).toBe(201);
  });

  it('must be one', async () => {
    const answer = await lab.post('/v1/calls', operator, wish(), key('x'.repeat(201)));
    expect(answer.status).toBe(400);
  });
});

describe('whatever is asked', () => {
  it('what does not exist is said in the same form, with a trace that the caller may have given', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'12'.repeat(8)}-01`;
    const answer = await lab.ask('/v1/nothing', { token: operator, headers: { traceparent } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      status: 404,
      type: 'urn:trunkline:problem:not-found',
      traceId: 'ab'.repeat(16),
    });
    for (const path of ['/v1/calls/%zz', `/v1/calls/${own.pbx}/${'x'.repeat(4_001)}`]) {
      const broken = await lab.ask(path, { token: operator });
      expect([broken.status, broken.body['type']]).toEqual([400, 'urn:trunkline:problem:invalid']);
    }
  });

  it('tokens are refused with the reason, in the way that the standard says', async () => {
    const expired = await lab.issuer.token({
      tenant: lab.tenant('acme'),
      exp: Math.floor(Date.now() / 1_000) - 60,
    });
    const answer = await lab.ask('/v1/calls', { token: expired });
    expect(answer.body).toMatchObject({ status: 401, reason: 'expired' });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('nothing may frame, guess or keep the answer, and only the pages that are allowed may ask', async () => {
    const answer = await lab.ask('/v1/calls', {
      token: operator,
      headers: { origin: 'https://crm.example' },
    });
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://crm.example');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const stranger = await lab.ask('/v1/calls', {
      token: operator,
      headers: { origin: 'https://evil.example' },
    });
    expect(stranger.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
  });

  it('pages that are allowed may ask with every method that there is', async () => {
    const methods = new Set(routes.map(({ method }) => method));
    for (const method of methods) {
      const answer = await lab.ask('/v1/webhooks', {
        method: 'OPTIONS',
        headers: { origin: 'https://crm.example', 'access-control-request-method': method },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-methods')?.split(', ')).toContain(method);
    }
  });

  it('logs and metrics name routes, and never a token, a path, a query or a number', async () => {
    lines.length = 0;
    await lab.ask(`/v1/calls?numberStartsWith=%2B4930123456`, { token: operator });
    await lab.ask(`/v1/calls/${own.pbx}/secret-call`, { token: operator });
    await vi.waitFor(() => expect(lines.filter((line) => line.includes('answered'))).toHaveLength(2));
    const log = lines.join('');
    expect(log).toContain('"route":"/v1/calls/:pbx/:call","status":404');
    for (const secret of [operator, '4930123456', 'secret-call']) expect(log).not.toContain(secret);
    const exposition = await lab.metrics.exposition();
    expect(exposition.split('\n')).toContainEqual(
      expect.stringMatching(
        /^trunkline_http_request_seconds_count\{.*route="\/v1\/calls",status="200"\} \d+$/,
      ),
    );
    expect(exposition).not.toContain('secret-call');
  });
});

describe('limits', () => {
  it('hold for each user by themselves, and for addresses from which nobody comes in', async () => {
    await using limited = await ApiLab.open({
      env: { TRUNKLINE_API_REQUESTS_PER_USER: '3', TRUNKLINE_API_REQUESTS_PER_ADDRESS: '2' },
    });
    await notAtTheTurnOfAMinute();
    const [ana, bob] = [await limited.token('agent'), await limited.token('agent', { user: 'bob' })];
    const statuses = async (token: string | undefined, times: number) => {
      const answers: Answer[] = [];
      for (let turn = 0; turn < times; turn += 1) answers.push(await limited.ask('/v1/calls', { token }));
      return answers;
    };
    const anas = await statuses(ana, 5);
    expect(anas.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(Number(anas[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await statuses(bob, 1))[0]?.status).toBe(200);
    expect((await statuses('nonsense', 4)).map(({ status }) => status)).toEqual([401, 401, 429, 429]);
    expect((await statuses(bob, 1))[0]?.status).toBe(200);
  });

  it('a slow or huge request does not hold a connection for ever', async () => {
    const { port } = new URL(lab.api.url);
    const socket = connect(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
    // The server may cut it as it likes.
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(`GET /v1/calls HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n`);
    await closed;
  });
});

describe('while a store is away', () => {
  it(
    'answers say so and when to come back, and all is well when it returns',
    { timeout: 90_000 },
    async () => {
      await using failing = await ApiLab.open();
      const token = await failing.token('operator');
      expect((await failing.ask('/v1/calls', { token })).status).toBe(200);

      failing.databaseProxy.refuse();
      failing.databaseProxy.reset();
      const away = await failing.ask('/v1/calls', { token });
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
      expect(away.text).not.toMatch(/\.ts|ECONN/);
      failing.databaseProxy.accept();
      await vi.waitFor(async () => expect((await failing.ask('/v1/calls', { token })).status).toBe(200), {
        timeout: 20_000,
      });

      failing.redisProxy.refuse();
      failing.redisProxy.reset();
      await vi.waitFor(async () => expect((await failing.ask('/v1/sweeps', { token })).status).toBe(503), {
        timeout: 20_000,
      });
      const unrecognised = await failing.ask('/v1/calls', { token });
      expect(unrecognised.status).toBe(503);
      failing.redisProxy.accept();
      await vi.waitFor(async () => expect((await failing.ask('/v1/sweeps', { token })).status).toBe(200), {
        timeout: 20_000,
      });
    },
  );

  it('without the issuer nobody is called a liar', async () => {
    await using failing = await ApiLab.open();
    failing.issuer.away = true;
    const answer = await failing.ask('/v1/calls', { token: await failing.token('operator') });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });
});

it('a stop lets what is under way end, and takes nothing new', async () => {
  await using stopping = await ApiLab.open();
  const pbx = stopping.pbxs.acme;
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let begun = false;
  await using server = createCommandServer({
    redis: stopping.redis,
    prefix: stopping.prefix,
    logger: silent,
  });
  await using _serving = server.serveCommands(pbx, async () => {
    begun = true;
    await gate;
    return { ok: true, result: { call: 'last' } };
  });
  const token = await stopping.token('operator');
  const last = stopping.post('/v1/calls', token, { pbx, from: '1001', to: '1002' });
  await vi.waitFor(() => expect(begun).toBe(true), { timeout: 10_000 });
  const closing = stopping.api.close();
  await vi.waitFor(() => expect(refusesConnections(stopping.api.port)).resolves.toBe(true), {
    timeout: 10_000,
  });
  go();
  expect((await last).status).toBe(201);
  await closing;
});

const refusesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const asking = httpRequest({ port, host: '127.0.0.1', agent: false }, () => resolve(false));
    asking.once('error', () => resolve(true));
    asking.end();
  });
