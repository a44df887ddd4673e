import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryLogger } from '../testing/memory-logger.ts';
import { classifyField } from './classify-field.ts';
import { redactLine } from './redact-line.ts';

describe('fields', () => {
  test('a secret goes by its name, at any depth and of any type', () => {
    const { logger, entries } = createMemoryLogger();
    logger.info({
      password: 'x"y\\',
      nested: { apiKey: 4711, list: [{ access_token: { deep: ['}', 'z'] }, after: 1 }] },
      headers: { authorization: 'Bearer abc', cookie: ['a=b'], host: 'example.com' },
      token: null,
      tokenCount: 3,
      last: true,
    });
    expect(entries[0]).toMatchObject({
      password: '[redacted]',
      nested: { apiKey: '[redacted]', list: [{ access_token: '[redacted]', after: 1 }] },
      headers: { authorization: '[redacted]', cookie: '[redacted]', host: 'example.com' },
      token: null,
      tokenCount: 3,
      last: true,
    });
  });

  test('a phone number goes by its name if the setting says so, and numbers of ours keep all their digits', () => {
    const fields = {
      caller: '+4915112345678',
      calleeNumber: 4_930_123_456,
      from: '0301234567',
      extension: '101',
      id: '4915112345678',
      fromVersion: '3298534883329',
      version: 2n ** 41n + 7n,
      at: 1_732_147_200_000,
    };
    const masked = createMemoryLogger({ redactPhoneNumbers: true });
    masked.logger.info(fields);
    expect(masked.entries[0]).toMatchObject({
      caller: '***678',
      calleeNumber: '***456',
      from: '***567',
      extension: '101',
      id: '4915112345678',
      fromVersion: '3298534883329',
      at: 1_732_147_200_000,
    });
    expect(masked.lines[0]).toContain('"version":2199023255559');

    const open = createMemoryLogger({ redactPhoneNumbers: false });
    open.logger.info(fields);
    expect(open.entries[0]).toMatchObject({ caller: '+4915112345678', calleeNumber: 4_930_123_456 });
  });

  test.each([
    [
      'secret',
      [
        'password',
        'dbPassword',
        'access_token',
        'sec-websocket-protocol',
        'signingKey',
        'redis_pass',
        'auth',
      ],
    ],
    ['phone number', ['phone', 'callerNumber', 'called_number', 'caller', 'dnis', 'to', 'number', 'mobile']],
    [
      'plain',
      [
        'tokenCount',
        'bypass',
        'author',
        'sequenceNumber',
        'toVersion',
        'company',
        'key',
        'keyName',
        'passed',
      ],
    ],
    ['message', ['msg', 'message']],
  ] as const)('%s: %s', (kind, names) => {
    expect(names.map((name) => [name, classifyField(name)])).toEqual(names.map((name) => [name, kind]));
  });
});

describe('messages, bindings and errors', () => {
  test('are searched like fields', () => {
    const { logger, lines } = createMemoryLogger({ redactPhoneNumbers: true });
    const refused = new Error('connect ECONNREFUSED redis://:hunter2@redis:6379 for +49 151 12345678');
    const error = new Error('password=hunter2', { cause: refused });
    logger
      .child({ url: 'postgresql://trunkline:hunter2@db/x' })
      .error({ err: error }, 'call of %s failed', '0301234567');
    expect(lines[0]).not.toMatch(/hunter2|12345678|0301234567/);
    expect(lines[0]).toContain('postgresql://trunkline:[redacted]@db/x');
    expect(lines[0]).toContain('call of ***567 failed');
  });

  test('an error keeps its type, code, causes and aggregated errors', () => {
    const { logger, entries } = createMemoryLogger();
    const root = Object.assign(new TypeError('no route'), { code: 'EHOSTUNREACH', syscall: 'connect' });
    logger.error(new AggregateError([new Error('first', { cause: root }), 'a string'], 'all nodes failed'));
    expect(entries[0]).toMatchObject({
      level: 'error',
      msg: 'all nodes failed',
      err: {
        type: 'AggregateError',
        stack: expect.stringContaining('AggregateError: all nodes failed'),
        errors: [
          {
            type: 'Error',
            message: 'first',
            cause: { type: 'TypeError', code: 'EHOSTUNREACH', syscall: 'connect' },
          },
          { type: 'not an Error', message: 'a string' },
        ],
      },
    });
  });

  test('what a driver hangs on its errors stays out', () => {
    const { logger, lines } = createMemoryLogger();
    logger.error(
      Object.assign(new Error('WRONGPASS'), {
        command: { name: 'hello', args: ['3', 'AUTH', 'default', 'hunter2'] },
      }),
    );
    expect(lines[0]).not.toContain('hunter2');
  });

  test('a chain of causes that closes on itself ends', () => {
    const { logger, entries } = createMemoryLogger();
    const error = new Error('around');
    error.cause = error;
    logger.error(error);
    expect(entries).toHaveLength(1);
  });
});

describe('every line', () => {
  const options = { redactPhoneNumbers: true };

  test('stays valid JSON and keeps what is neither secret nor a phone number', () => {
    const plain = fc
      .jsonValue({ stringUnit: 'binary' })
      .filter((value) => !/\d{6}|["\\]?(?:pass|auth|key|token|:\/\/)/i.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        const line = `${JSON.stringify({ password: value, value })}\n`;
        expect((JSON.parse(redactLine(line, options)) as { value: unknown }).value).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });

  test('stays valid JSON whatever is logged, and never grows a secret back', () => {
    const value = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.constantFrom('a\\', '"', '\\"', '://@', '+4915112345678"'),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('password', 'caller', 'msg', 'other', '"'), value),
        (fields) => {
          const redacted = JSON.parse(redactLine(`${JSON.stringify(fields)}\n`, options)) as Record<
            string,
            unknown
          >;
          expect(Object.keys(redacted)).toEqual(Object.keys(JSON.parse(JSON.stringify(fields)) as object));
          const secret = fields['password'];
          if (typeof secret === 'string' || typeof secret === 'number')
            expect(redacted['password']).toBe('[redacted]');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
