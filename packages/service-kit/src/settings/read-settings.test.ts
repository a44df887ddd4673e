import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { redisSettings, serviceSettings } from '../lifecycle/service-settings.ts';
import { describeSettings } from './describe-settings.ts';
import { readSettings } from './read-settings.ts';
import { duration, integer, text } from './schemas.ts';
import { setting } from './setting.ts';
import { SettingsError } from './settings-error.ts';
import { editDistance } from './unknown-variables.ts';

const map = {
  stream: {
    shards: setting({
      variable: 'TRUNKLINE_STREAM_SHARDS',
      schema: integer({ min: 1, max: 64 }),
      default: { value: '8', because: 'two a worker in the usual fleet of four' },
      explain: 'How many streams the events are spread over.',
      example: '16',
    }),
    blockMs: setting({
      variable: 'TRUNKLINE_STREAM_BLOCK',
      schema: duration(),
      optional: true,
      explain: 'How long a read waits.',
      example: '5s',
    }),
  },
  api: {
    signingKey: setting({
      variable: 'TRUNKLINE_API_SIGNING_KEY',
      schema: text({ min: 16 }),
      secret: true,
      explain: 'Signs sessions.',
      example: 'a-long-random-text',
    }),
  },
};
const KEY = 'correct-horse-battery';

function problemsOf(env: Record<string, string>, warn: (message: string) => void = () => {}): SettingsError {
  try {
    readSettings(map, env, { warn });
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('reading', () => {
  test('gives typed values grouped by part, defaults included', () => {
    const settings = readSettings(map, { TRUNKLINE_API_SIGNING_KEY: KEY });
    expect(settings).toEqual({ stream: { shards: 8, blockMs: undefined }, api: { signingKey: KEY } });
    expectTypeOf(settings.stream.shards).toEqualTypeOf<number>();
    expectTypeOf(settings.stream.blockMs).toEqualTypeOf<number | undefined>();
    expectTypeOf(settings.api.signingKey).toEqualTypeOf<string>();
  });

  test('what is set to nothing counts as not set', () => {
    const settings = readSettings(map, { TRUNKLINE_API_SIGNING_KEY: KEY, TRUNKLINE_STREAM_SHARDS: '' });
    expect(settings.stream.shards).toBe(8);
  });

  test('nobody can change settings later', () => {
    const settings = readSettings(map, { TRUNKLINE_API_SIGNING_KEY: KEY });
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.stream)).toBe(true);
  });
});

describe('problems', () => {
  test('all bad variables are told at once: name, what is wrong, example', () => {
    const error = problemsOf({ TRUNKLINE_STREAM_SHARDS: '99', TRUNKLINE_STREAM_BLOCK: '10' });
    expect(error.message).toBe(
      [
        'The settings are not usable:',
        '  TRUNKLINE_STREAM_SHARDS must be a whole number from 1 to 64, not "99" (example: TRUNKLINE_STREAM_SHARDS=16)',
        '  TRUNKLINE_STREAM_BLOCK must be a duration such as 250ms, 5s, 10m or 2h, from 0ms to 365d, not "10" (example: TRUNKLINE_STREAM_BLOCK=5s)',
        '  TRUNKLINE_API_SIGNING_KEY is not set (example: TRUNKLINE_API_SIGNING_KEY=a-long-random-text)',
      ].join('\n'),
    );
  });

  test('a secret is never printed, whatever its schema says', () => {
    const quoting = {
      api: {
        key: setting({
          variable: 'TRUNKLINE_KEY',
          schema: v.pipe(v.string(), v.email()),
          secret: true,
          explain: '',
          example: 'a@b.example',
        }),
      },
    };
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 4 })
          .filter((given) => !given.includes('@') && !'TRUNKLINE_KEY'.includes(given)),
        (given) => {
          expect(() => readSettings(quoting, { TRUNKLINE_KEY: given }, { warn: () => {} })).toThrow(
            'TRUNKLINE_KEY has a value that is not valid (it is a secret and not shown)',
          );
        },
      ),
    );
    expect(problemsOf({ TRUNKLINE_API_SIGNING_KEY: 'hunter2' }).message).not.toContain('hunter2');
  });

  test('a shown value is cut short and free of credentials', () => {
    const error = problemsOf({
      TRUNKLINE_API_SIGNING_KEY: KEY,
      TRUNKLINE_STREAM_SHARDS: `redis://:hunter2@host/${'x'.repeat(200)}`,
    });
    expect(error.message).toContain('not "redis://[redacted]@host/xxx');
    expect(error.message).not.toContain('hunter2');
    expect(error.message).not.toContain('x'.repeat(100));
  });
});

describe('secrets in files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trunkline-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function fileWith(content: string): string {
    const path = join(folder, 'secret');
    writeFileSync(path, content);
    return path;
  }

  test('the file is read, without the line break at its end', () => {
    const settings = readSettings(map, { TRUNKLINE_API_SIGNING_KEY_FILE: fileWith(`${KEY}\n`) });
    expect(settings.api.signingKey).toBe(KEY);
  });

  test('both the variable and its file are an error', () => {
    const error = problemsOf({
      TRUNKLINE_API_SIGNING_KEY: KEY,
      TRUNKLINE_API_SIGNING_KEY_FILE: fileWith(KEY),
    });
    expect(error.problems).toEqual([
      expect.objectContaining({
        problem: 'and TRUNKLINE_API_SIGNING_KEY_FILE are both set, and only one of them may be',
      }),
    ]);
  });

  test.each([
    ['a missing file', () => '/nowhere/secret', 'ENOENT'],
    ['an empty file', () => fileWith('\n'), 'is empty'],
    ['the wrong, big file', () => fileWith('x'.repeat(70_000)), 'is too long'],
  ])('%s is an error', (_name, path, problem) => {
    expect(problemsOf({ TRUNKLINE_API_SIGNING_KEY_FILE: path() }).message).toContain(problem);
  });

  test('what is no secret has no file', () => {
    const warnings: string[] = [];
    readSettings(
      map,
      { TRUNKLINE_API_SIGNING_KEY: KEY, TRUNKLINE_STREAM_SHARDS_FILE: fileWith('4') },
      { warn: (message) => warnings.push(message) },
    );
    expect(warnings).toHaveLength(1);
  });
});

describe('unknown variables', () => {
  function warningsFor(env: Record<string, string>, alsoKnown: string[] = []): string[] {
    const warnings: string[] = [];
    readSettings(
      map,
      { TRUNKLINE_API_SIGNING_KEY: KEY, ...env },
      { alsoKnown, warn: (message) => warnings.push(message) },
    );
    return warnings;
  }

  test('a typing error is reported with the name that was meant', () => {
    expect(warningsFor({ TRUNKLINE_STREAM_SAHRDS: '4' })).toEqual([
      'TRUNKLINE_STREAM_SAHRDS is no setting of Trunkline and has no effect; did you mean TRUNKLINE_STREAM_SHARDS?',
    ]);
  });

  test('what resembles nothing is reported without a guess', () => {
    expect(warningsFor({ TRUNKLINE_QUITE_ANOTHER_THING: '4' })).toEqual([
      'TRUNKLINE_QUITE_ANOTHER_THING is no setting of Trunkline and has no effect',
    ]);
  });

  test('other prefixes, settings of other services and the service links of Kubernetes are left alone', () => {
    const env = {
      PATH: '/bin',
      TRUNKLINE_PUSH_RING: '9',
      TRUNKLINE_API_SERVICE_HOST: '10.0.0.7',
      TRUNKLINE_API_SERVICE_PORT_HTTP: '80',
      TRUNKLINE_API_PORT: 'tcp://10.0.0.7:80',
      TRUNKLINE_API_PORT_80_TCP_ADDR: '10.0.0.7',
    };
    expect(warningsFor(env, ['TRUNKLINE_PUSH_RING'])).toEqual([]);
  });

  test('the edit distance counts one for each insertion, removal, replacement and swap of neighbours', () => {
    expect(
      [
        ['abc', 'abc'],
        ['abc', 'abxc'],
        ['abc', 'ac'],
        ['abc', 'axc'],
        ['abc', 'acb'],
        ['', 'abc'],
      ].map(([from = '', to = '']) => editDistance(from, to)),
    ).toEqual([0, 1, 1, 1, 1, 3]);
  });

  test('the edit distance is symmetric, and its limit changes nothing below it', () => {
    const word = fc.string({ unit: fc.constantFrom('A', 'B', '_'), maxLength: 10 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 6 }), (from, to, limit) => {
        const distance = editDistance(from, to);
        expect(editDistance(to, from)).toBe(distance);
        expect(Math.min(editDistance(from, to, limit), limit)).toBe(Math.min(distance, limit));
      }),
    );
  });
});

describe('describing', () => {
  test('gives everything a reference page needs', () => {
    expect(describeSettings(map).slice(1)).toEqual([
      {
        part: 'stream',
        name: 'blockMs',
        variable: 'TRUNKLINE_STREAM_BLOCK',
        takes: 'a duration such as 250ms, 5s, 10m or 2h, from 0ms to 365d',
        required: false,
        explain: 'How long a read waits.',
        example: '5s',
        secret: false,
      },
      {
        part: 'api',
        name: 'signingKey',
        variable: 'TRUNKLINE_API_SIGNING_KEY',
        fileVariable: 'TRUNKLINE_API_SIGNING_KEY_FILE',
        takes: 'a text of 16 to 1000 characters',
        required: true,
        explain: 'Signs sessions.',
        example: 'a-long-random-text',
        secret: true,
      },
    ]);
  });

  test('the settings of every service keep the laws of declarations', () => {
    const all = describeSettings({ ...serviceSettings, ...redisSettings });
    expect(all.filter(({ required }) => required).map(({ variable }) => variable)).toEqual(['REDIS_URL']);
    expect(all.every(({ explain, takes }) => explain !== '' && takes !== undefined)).toBe(true);
  });

  test.each([
    ['a name twice', { b: { again: map.stream.shards } }, 'each variable is declared once'],
    ['a foreign name', { b: { c: { ...map.stream.shards, variable: 'SHARDS' } } }, 'a setting is named'],
    [
      'a bad example',
      { b: { c: { ...map.stream.shards, variable: 'TRUNKLINE_X', example: '0' } } },
      'the example of',
    ],
    [
      'a bad default',
      { b: { c: { ...map.stream.shards, variable: 'TRUNKLINE_X', default: { value: '0', because: '' } } } },
      'the default of',
    ],
  ])('%s is refused', (_name, more, invariant) => {
    expect(() => describeSettings({ ...map, ...more })).toThrow(invariant);
  });
});
