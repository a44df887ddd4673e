import { roleScopes, scopes } from '@trunkline/access';
import { numbers, tenants, type Seeded } from '@trunkline/api/testing';
import { createCommandServer } from '@trunkline/pbx-commands';
import type { TestClient } from '@trunkline/push/testing';
import type { Up, Wanted } from '@trunkline/realtime-protocol';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SecurityLab } from './support/security-lab.ts';
import { testTheLogs } from './support/test-the-logs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

let lab: SecurityLab;
/** Everything that the own tenant can give. */
let almighty: string;
let operations: readonly Operation[];
/** What is the other tenant's, as it would show in an answer. */
let traces: readonly string[];
/** What PBXs were asked to do, whoever asked. */
const done: string[] = [];

beforeAll(async () => {
  lab = await SecurityLab.open();
  almighty = await lab.token({ roles: ['platform', 'operator'], scope: scopes.join(' ') });
  const { body } = await lab.ask('/openapi.json');
  operations = operationsOf(body['paths'] as never);
  const { other } = lab.seeded;
  const ids = [other.pbx, other.run, other.sweep, other.delivery, ...Object.values(other.letters)];
  traces = [
    ...ids,
    ...Object.values(other.webhooks),
    ...Object.values(other.contacts),
    ...Object.values(other.imports),
    'Ada of other',
    'other.csv',
    ...Object.values(other.recordings),
    'other-open',
    'other-ended',
    'PBX of other',
    tenants.other,
  ];
  const server = createCommandServer({
    redis: lab.api.redis,
    prefix: lab.api.opened.context.prefix,
    logger: createMemoryLogger().logger,
  });
  for (const name of ['acme', 'other'] as const)
    server.serveCommands(lab.seeded[name].pbx, async (command) => {
      done.push(`${name} ${command.kind}`);
      return { ok: true, result: command.kind === 'hangUp' ? 'done' : { call: `made ${done.length}` } };
    });
  return () => server[Symbol.asyncDispose]();
});
afterAll(() => lab[Symbol.asyncDispose]());

function operationsOf(
  paths: Record<string, Record<string, { parameters?: Operation['parameters'] }>>,
): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
    })),
  );
}

/** What stands for each parameter of a path, whoever's it is. */
const inPath = (seeded: Seeded): Readonly<Record<string, string>> => ({
  pbx: seeded.pbx,
  call: seeded.openCall,
  number: '1001',
  run: seeded.run,
  letter: seeded.letters.toRead,
  sweep: seeded.sweep,
  webhook: seeded.webhooks.toKeep,
  delivery: seeded.delivery,
  contact: seeded.contacts.toKeep,
  import: seeded.imports.started,
  recording: seeded.recordings.toHear,
});

function filled({ path }: Operation, seeded: Seeded): string {
  const known = inPath(seeded);
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`say here what {${name}} of ${path} may be`);
    return value;
  });
}

/** Whatever a route wants of a body, so that it is the id that is refused. */
function bodyFor({ method, path }: Operation): object {
  if (method !== 'PATCH') return {};
  return path.startsWith('/v1/contacts/') ? { revision: 1, notes: null } : { description: null };
}

/** What is wrong with a question may be repeated in the answer; what is told besides may not. */
const told = (text: string): string => text.replaceAll(/"detail":"[^"]*"/g, '');

describe('another tenant’s things, by the API', () => {
  it('can’t be read or changed by their ids, on any route', async () => {
    const named = operations.filter(({ path }) => path.includes('{'));
    expect(named.length).toBeGreaterThan(15);
    for (const operation of named) {
      const { method } = operation;
      const body = method === 'GET' ? {} : { body: bodyFor(operation) };
      const answer = await lab.ask(filled(operation, lab.seeded.other), { method, token: almighty, ...body });
      expect([method, operation.path, answer.status]).toEqual([method, operation.path, 404]);
      for (const trace of traces) expect(told(answer.text)).not.toContain(trace);
    }
    expect(done).toEqual([]);
  });

  it('don’t show in any list, and can’t be found by any filter', async () => {
    const { other } = lab.seeded;
    const hostile: Readonly<Record<string, readonly string[]>> = {
      pbx: [other.pbx, other.pbx.toUpperCase()],
      call: [`${other.pbx}/${other.openCall}`],
      tenant: [tenants.other],
      extension: ['1001'],
      webhook: [other.webhooks.toKeep],
      target: [other.pbx],
      unknownPbx: ['true'],
      group: ['lifecycle', 'link'],
      actor: ['ana'],
      numberStartsWith: [numbers.caller.slice(0, 5)],
      numberEndsWith: [numbers.caller.slice(-5)],
      search: ['Ada of other', numbers.caller.slice(0, 5)],
    };
    const lists = operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
    expect(lists.length).toBeGreaterThan(7);
    for (const { path, parameters } of lists) {
      const filters = Object.entries(hostile).flatMap(([name, values]) =>
        // A filter that a route does not know must not be passed over either.
        values.map((value) => ({
          query: `?${name}=${encodeURIComponent(value)}`,
          known: parameters.some((each) => each.name === name),
        })),
      );
      for (const { query, known } of [{ query: '', known: true }, ...filters]) {
        const answer = await lab.ask(`${path}${query}`, { token: almighty });
        expect([200, 404, ...(known ? [] : [400])]).toContain(answer.status);
        for (const trace of traces) expect(told(answer.text)).not.toContain(trace);
      }
    }
  });

  it('can’t be named in what is asked for', async () => {
    const { pbx } = lab.seeded.other;
    const wishes = {
      '/v1/calls': { pbx, from: '1001', to: '1002' },
      '/v1/sweeps': { pbx, dryRun: true, timeoutMinutes: 30 },
      '/v1/webhooks': { url: 'https://example.com/hook', pbxs: [pbx], types: ['new_call'] },
    };
    for (const [path, body] of Object.entries(wishes)) {
      const answer = await lab.ask(path, { method: 'POST', token: almighty, body });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(done).toEqual([]);
  });

  it('can’t be paged to with a cursor of theirs', async () => {
    const theirs = await lab.token({ tenant: tenants.other, scope: scopes.join(' ') });
    const page = await lab.ask('/v1/calls?limit=1', { token: theirs });
    const cursor = encodeURIComponent(String(page.body['next']));
    const answer = await lab.ask(`/v1/calls?after=${cursor}`, { token: almighty });
    for (const trace of traces) expect(told(answer.text)).not.toContain(trace);
  });

  it('are not revoked with their tokens', async () => {
    const theirs = await lab.token({ tenant: tenants.other, sub: 'olga', jti: 'theirs' });
    for (const body of [{ user: 'olga' }, { tokenId: 'theirs' }])
      expect((await lab.ask('/v1/revocations', { method: 'POST', token: almighty, body })).status).toBe(200);
    expect((await lab.ask('/v1/calls', { token: theirs })).status).toBe(200);
  });
});

describe('an answer that is kept for an Idempotency-Key', () => {
  it('is nobody else’s: not another user’s, not another tenant’s', async () => {
    const body = { url: 'https://example.com/hook', types: ['new_call'] };
    const seen = new Map<string, string>();
    for (const [who, claims] of Object.entries({
      'the first': {},
      'another user': { sub: 'bob' },
      'another tenant': { tenant: tenants.other },
    })) {
      const headers = { 'idempotency-key': 'the-same-for-all' };
      const token = await lab.token(claims);
      const answer = await lab.ask('/v1/webhooks', { method: 'POST', token, body, headers });
      expect([who, answer.status, answer.headers.get('idempotent-replayed')]).toEqual([who, 201, null]);
      const secret = lab.keepsSecret(String(answer.body['secret']));
      expect(secret.length).toBeGreaterThan(20);
      expect([...seen.values()]).not.toContain(secret);
      seen.set(who, secret);
    }
  });
});

describe('another tenant’s things, by push', () => {
  /** Everything that this client was told about things. */
  const heard = (client: TestClient): string =>
    JSON.stringify(client.heard.filter(({ type }) => type !== 'error' && type !== 'connected'));
  const topics = ['calls', 'calls:1001', 'extensions', 'pbx', 'recordings', 'cleanup', 'dialer', 'user:ana'];
  // The other tenant's import by its name, and the own one, of which that tenant is made to speak.
  const importTopics = () =>
    ['other', 'acme'].map((name) => `imports:${lab.seeded[name as 'acme'].imports.started}`);
  let news = 0;
  /** Things happen at the other tenant, and last of all one here. Says by which names. */
  const tellNews = async () => {
    news += 1;
    const names = { own: `acme-news-${news}`, theirs: `other-news-${news}` };
    await lab.say('other', 'call.ringing', { call: names.theirs, extensions: ['1001'] });
    await lab.say('other', 'extension.changed', { extension: `other-phone-${news}`, status: 'ringing' });
    const payload = JSON.stringify({
      notification: [{ user: 'ana', notification: `other-note-${news}` }],
      chat_message: [{ conversation: '1', text: 'other-chat' }],
      import_progress: [{ import: lab.seeded.acme.imports.started, revision: 1, message: 'other-chat' }],
    });
    await lab.feed.deliver([{ tenant: tenants.other, id: '1', payload, traceparent: null }]);
    await lab.say('acme', 'call.ringing', { call: names.own, extensions: ['1001'] });
    return names;
  };
  const isToldOf = (client: TestClient, name: string) =>
    client.hears('new_call', ({ rows }) => rows.some(({ call }) => call === name));

  it('are in no snapshot and in no message of any topic', async () => {
    const client = await lab.connected({ scope: scopes.join(' ') });
    await client.subscribe(...topics, ...importTopics());
    await isToldOf(client, (await tellNews()).own);
    // The topic itself says the id back to whoever has named it; nothing else does.
    const ids = Object.values(lab.seeded.other.imports);
    for (const trace of [
      ...traces.filter((each) => !ids.includes(each)),
      'other-news',
      'other-phone',
      'other-note',
      'other-chat',
    ])
      expect(heard(client)).not.toContain(trace);
    expect(heard(client)).toContain('acme-open');
  });

  it('are not replayed to whoever has one of their positions', async () => {
    const theirs = await lab.connected({ tenant: tenants.other });
    await theirs.subscribe('calls');
    const { epoch, offset } = theirs.of('reset')[0] ?? { epoch: '', offset: '' };
    await isToldOf(theirs, (await tellNews()).theirs);
    for (const at of [offset, '0-0', '9999999999999-0']) {
      const client = await lab.connected();
      client.say({ type: 'resume', topics: topics.map((topic) => ({ topic, epoch, offset: at })) });
      for (const topic of topics) {
        await client.hears('snapshot', (part) => part.topic === topic && part.last);
        expect(client.of('reset').find((each) => each.topic === topic)?.reason).toBe('lost');
      }
      for (const trace of [...traces, 'other-news', 'other-phone', 'other-note'])
        expect(heard(client)).not.toContain(trace);
    }
  });

  const refusedTopics = {
    'of another user': ['user:bob', 'not_allowed'],
    'of nearly oneself': ['user:ANA', 'not_allowed'],
    'of oneself and more': ['user:ana:x', 'not_allowed'],
    'of everybody': ['user:*', 'not_allowed'],
    'of a user that JavaScript knows': ['user:__proto__', 'not_allowed'],
    'of nobody': ['user:', 'unknown_topic'],
    'of no user': ['user', 'unknown_topic'],
    'of a NUL': ['user:ana\u0000', 'unknown_topic'],
    'that JavaScript knows': ['__proto__', 'unknown_topic'],
    'that every object has': ['constructor', 'unknown_topic'],
    'that is a pattern': ['calls*', 'unknown_topic'],
    'of another tenant by name': [`${tenants.other}/calls`, 'unknown_topic'],
    'with a key too many': ['pbx:1', 'unknown_topic'],
  } as const;
  it.each(Object.entries(refusedTopics))('a topic %s is refused', async (_what, [topic, kind]) => {
    const client = await lab.connected({ roles: ['agent'] });
    const wishes: Up[] = [
      { type: 'subscribe', topics: [{ topic }] },
      { type: 'resume', topics: [{ topic, epoch: 'e', offset: '1-0' }] },
    ];
    for (const [index, wish] of wishes.entries()) {
      client.say(wish);
      await client.until(() => client.of('error').length > index);
    }
    expect(client.of('error')).toMatchObject([
      { kind, topic },
      { kind, topic },
    ]);
    expect(client.of('snapshot')).toEqual([]);
    await client[Symbol.asyncDispose]();
  });
});

describe('commands for what is not one’s own', () => {
  const foreign: Readonly<Record<string, (own: Seeded, other: Seeded) => Wanted>> = {
    'hanging up another tenant’s call': (_own, { pbx, openCall }) => ({
      kind: 'hang_up',
      pbx,
      call: openCall,
    }),
    'another tenant’s call on the own PBX': ({ pbx }, { openCall }) => ({
      kind: 'hang_up',
      pbx,
      call: openCall,
    }),
    'the own call on another tenant’s PBX': ({ openCall }, { pbx }) => ({
      kind: 'hang_up',
      pbx,
      call: openCall,
    }),
    'a call from another tenant’s PBX': (_own, { pbx }) => ({
      kind: 'originate',
      pbx,
      from: '1001',
      to: '1002',
    }),
    'a call to two phones at once': ({ pbx }) => ({
      kind: 'originate',
      pbx,
      from: '1001',
      to: '1002&SIP/1003',
    }),
    'a call with a header in it': ({ pbx }) => ({
      kind: 'originate',
      pbx,
      from: '1001\r\nAction: Reload',
      to: '1',
    }),
    'a call with a NUL in its name': ({ pbx }) => ({ kind: 'hang_up', pbx, call: 'acme-open\u0000' }),
    'a call with SQL in its name': ({ pbx }) => ({ kind: 'hang_up', pbx, call: `x' or '1'='1` }),
  };
  let sent = 0;
  const command = (wanted: Wanted, key = `key ${(sent += 1)}`): Extract<Up, { type: 'command' }> => ({
    type: 'command',
    id: `id ${(sent += 1)}`,
    key,
    expiresInMs: 20_000,
    command: wanted,
  });

  it.each(Object.entries(foreign))('are invalid, and nobody is asked: %s', async (_what, wantedOf) => {
    done.length = 0;
    const client = await lab.connected();
    client.say(command(wantedOf(lab.seeded.acme, lab.seeded.other)));
    expect(await client.hears('result')).toMatchObject({ ok: false, problem: 'invalid', nothingDone: true });
    expect(done).toEqual([]);
  });

  it('an answer that is kept for a key is nobody else’s', async () => {
    done.length = 0;
    const answers: unknown[] = [];
    for (const claims of [{}, { sub: 'bob' }, { tenant: tenants.other }]) {
      const client = await lab.connected(claims);
      const { pbx } = 'tenant' in claims ? lab.seeded.other : lab.seeded.acme;
      client.say(command({ kind: 'originate', pbx, from: '1001', to: '1002' }, 'the same for all'));
      answers.push((await client.hears('result')).ok);
    }
    expect(answers).toEqual([true, true, true]);
    expect(done).toEqual(['acme originate', 'acme originate', 'other originate']);
  });

  it('an acknowledgement reaches the user’s own devices, and not those of a namesake elsewhere', async () => {
    const own = await lab.connected();
    const namesake = await lab.connected({ tenant: tenants.other });
    for (const client of [own, namesake]) await client.subscribe('user:ana');
    own.say(command({ kind: 'acknowledge', notification: 'mine' }));
    await own.hears('notification_acknowledged');
    const payload = JSON.stringify({ notification: [{ user: 'ana', notification: 'last' }] });
    await lab.feed.deliver([{ tenant: tenants.other, id: '2', payload, traceparent: null }]);
    await namesake.hears('notification');
    expect(namesake.of('notification_acknowledged')).toEqual([]);
  });
});

describe('whoever may less', () => {
  it.each(['agent', 'supervisor', 'operator'] as const)(
    '%s: no route answers beyond its scopes',
    async (role) => {
      const token = await lab.roleToken(role);
      const { body } = await lab.ask('/openapi.json');
      const paths = body['paths'] as Record<string, Record<string, { security: { token: string[] }[] }>>;
      let refused = 0;
      for (const operation of operations) {
        const { method, path } = operation;
        const [scope = ''] = paths[path]?.[method.toLowerCase()]?.security[0]?.token ?? [];
        if ((roleScopes[role] as readonly string[]).includes(scope)) continue;
        refused += 1;
        const answer = await lab.ask(filled(operation, lab.seeded.acme), { method, token });
        expect([path, answer.status, answer.body['scope']]).toEqual([path, 403, scope]);
      }
      expect(refused > 0 || role === 'operator').toBe(true);
    },
  );

  it('hears of no import without its scope', async () => {
    const scope = scopes.filter((each) => each !== 'contacts:read').join(' ');
    const client = await lab.connected({ roles: [], scope });
    const topic = `imports:${lab.seeded.acme.imports.started}`;
    client.say({ type: 'subscribe', topics: [{ topic }] });
    expect(await client.hears('error')).toMatchObject({ kind: 'not_allowed', topic });
  });

  it('gets no cleanups and makes no calls by push, and sees no number in full', async () => {
    done.length = 0;
    const client = await lab.connected({ roles: ['agent'] });
    const { pbx, openCall } = lab.seeded.acme;
    client.say({ type: 'subscribe', topics: [{ topic: 'cleanup' }] });
    expect(await client.hears('error')).toMatchObject({ kind: 'not_allowed', topic: 'cleanup' });
    for (const wanted of [
      { kind: 'hang_up', pbx, call: openCall },
      { kind: 'originate', pbx, from: '1001', to: '1002' },
    ] as const) {
      const message = { type: 'command', id: wanted.kind, key: wanted.kind, expiresInMs: 9_000 } as const;
      client.say({ ...message, command: wanted });
      const result = await client.hears('result', ({ id }) => id === wanted.kind);
      expect(result).toMatchObject({ ok: false, problem: 'not_allowed' });
    }
    await client.subscribe('calls', 'extensions');
    await lab.say('acme', 'call.ringing', {
      call: 'acme-masked',
      extensions: [],
      caller: { number: numbers.caller, name: numbers.callee },
    });
    await client.hears('new_call', ({ rows }) => rows.some(({ call }) => call === 'acme-masked'));
    for (const number of Object.values(numbers))
      expect(JSON.stringify(client.heard)).not.toContain(number.slice(1));
    expect(done).toEqual([]);
  });
});

testTheLogs(() => lab);
