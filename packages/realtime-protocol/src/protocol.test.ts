import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataTypes } from './data-types.ts';
import { endings, remedies } from './endings.ts';
import { compareOffsets } from './position.ts';
import { downSchemas, parseDown, readUp, rowSchemas, upSchemas } from './schemas/index.ts';
import { formatTopic, parseTopic, topicKinds } from './topics.ts';
import type { Down } from './down.ts';

const page = readFileSync(join(import.meta.dirname, '..', 'PROTOCOL.md'), 'utf8');

describe('topics', () => {
  it.each([
    ['calls', { kind: 'calls', key: null }],
    ['calls:1001', { kind: 'calls', key: '1001' }],
    ['user:auth0|abc:7', { kind: 'user', key: 'auth0|abc:7' }],
    ['imports:5', { kind: 'imports', key: '5' }],
  ])('%s is one, and is written the same again', (text, topic) => {
    expect(parseTopic(text)).toEqual(topic);
    expect(formatTopic(parseTopic(text) ?? { kind: 'pbx', key: null })).toBe(text);
  });

  it.each([
    '',
    'calls:',
    'call',
    'user',
    'imports',
    'pbx:1',
    'toString',
    '__proto__',
    'calls:a\nb',
    `user:${'x'.repeat(257)}`,
  ])('%j is none', (text) => {
    expect(parseTopic(text)).toBeNull();
  });
});

it('offsets are compared as two numbers and not as text', () => {
  const sorted = ['999-0', '1000-2', '1000-10', '20000-0'];
  expect(sorted.toReversed().toSorted(compareOffsets)).toEqual(sorted);
  expect(compareOffsets('5-1', '5-1')).toBe(0);
});

describe('what a client says', () => {
  it.each([
    { type: 'auth', token: 'a.b.c' },
    { type: 'subscribe', topics: [{ topic: 'calls' }, { topic: 'pbx', epoch: 'ab12', offset: '5-1' }] },
    { type: 'resume', topics: [{ topic: 'calls', epoch: 'ab12', offset: '5-1' }] },
    { type: 'unsubscribe', topics: ['calls'] },
    { type: 'ping' },
    { type: 'ping', id: 7 },
    { type: 'pong', id: 'x' },
    {
      type: 'command',
      id: '1',
      key: 'k',
      expiresInMs: 5_000,
      command: { kind: 'hang_up', pbx: '10000000-0000-4000-8000-000000000001', call: 'c' },
    },
  ])('$type is read', (message) => {
    expect(readUp(JSON.stringify(message))).toEqual({ ok: true, message });
  });

  it.each([
    ['no JSON', '{"type":"ping"', 'malformed'],
    ['no object', '"ping"', 'malformed'],
    ['null', 'null', 'malformed'],
    ['no type', '{}', 'malformed'],
    ['a position by half', '{"type":"subscribe","topics":[{"topic":"calls","epoch":"a"}]}', 'malformed'],
    ['a resume without a position', '{"type":"resume","topics":[{"topic":"calls"}]}', 'malformed'],
    [
      'an offset that is none',
      '{"type":"resume","topics":[{"topic":"calls","epoch":"a","offset":"+"}]}',
      'malformed',
    ],
    ['no topics', '{"type":"subscribe","topics":[]}', 'malformed'],
    ['too many topics', JSON.stringify({ type: 'unsubscribe', topics: Array(257).fill('pbx') }), 'malformed'],
    ['a type of every object', '{"type":"constructor"}', 'unknown_type'],
    ['a message of a later version', '{"type":"sing"}', 'unknown_type'],
  ])('%s is told apart', (_what, text, kind) => {
    expect(readUp(text)).toMatchObject({ ok: false, kind });
  });

  it('fields that nobody knows are left out', () => {
    expect(readUp('{"type":"ping","id":1,"more":{}}')).toEqual({
      ok: true,
      message: { type: 'ping', id: 1 },
    });
  });
});

describe('what a server says', () => {
  const extension = {
    pbx: 'p',
    extension: '1001',
    name: null,
    status: 'online',
    lastSeenAt: '2026-01-01T00:00:00+00:00',
    revision: 3,
  };
  const messages: Down[] = [
    { type: 'unsubscribed', topic: 'calls' },
    { type: 'ping', id: 1, epoch: 'ab', offset: '1-1' },
    {
      type: 'extension_update',
      topic: 'extensions',
      offset: '1-1',
      rows: [{ ...extension, status: 'online' }],
    },
    {
      type: 'snapshot',
      topic: 'extensions',
      part: 0,
      last: true,
      rows: { extension_update: [{ ...extension, status: 'online' }] },
    },
  ];
  it.each(messages)('$type is read as it was', (message) => {
    expect(parseDown(JSON.stringify(message))).toEqual(message);
  });

  it('rows may hold more than is known, and must hold what is', () => {
    const message = { type: 'extension_update', topic: 'extensions', offset: '1-1', rows: [extension] };
    const wider = { ...message, rows: [{ ...extension, later: true }] };
    expect(parseDown(JSON.stringify(wider))).toEqual(wider);
    const narrower = { ...message, rows: [{ ...extension, status: 'asleep' }] };
    expect(() => parseDown(JSON.stringify(narrower))).toThrow(/asleep/);
  });
});

describe('the tables agree', () => {
  it('each kind of problem that closes has the remedy of its code, if the code alone must tell', () => {
    for (const { code, remedy } of Object.values(endings)) {
      if (code !== null && Object.hasOwn(remedies, code)) expect(remedies[code]).toBe(remedy);
    }
    const told = Object.values(endings).map(({ code }) => code);
    for (const code of Object.keys(remedies)) expect([...told, 1009]).toContain(Number(code));
  });

  it('rows without a thing are told in event topics only, and a keyed topic finds its key in them', () => {
    for (const [type, rule] of Object.entries(dataTypes)) {
      expect([type, 'thing' in rule]).toEqual([type, topicKinds[rule.topic].holds === 'state']);
      expect([type, 'topicKey' in rule]).toEqual([type, topicKinds[rule.topic].keyed === 'always']);
    }
    expect(Object.keys(rowSchemas).toSorted()).toEqual(Object.keys(dataTypes).toSorted());
  });
});

describe('PROTOCOL.md', () => {
  it.each([...Object.keys(upSchemas), ...Object.keys(downSchemas), ...Object.keys(dataTypes)])(
    'tells of the message %s',
    (type) => expect(page).toContain(`\`${type}\``),
  );

  it.each(Object.entries(endings))(
    'has a line for the problem %s with its code and its remedy',
    (kind, ending) => {
      const line = page.split('\n').find((one) => one.startsWith(`| \`${kind}\``)) ?? '';
      const cells = line.split('|').map((cell) => cell.trim());
      expect([cells[2], cells[3]]).toEqual([String(ending.code ?? ''), ending.remedy]);
    },
  );

  it.each(Object.entries(topicKinds))('has a line for the topic %s as it is', (kind, rule) => {
    const line = page.split('\n').find((one) => one.startsWith(`| \`${kind}`)) ?? '';
    const cells = line.split('|').map((cell) => cell.trim());
    expect([cells[2], cells[3], cells[4]]).toEqual([rule.scope, rule.holds, `${rule.staleMs / 1000} s`]);
  });
});
