import { describe, expect, it } from 'vitest';
import { checkModule } from './check-module.ts';

const declared = {
  dependencies: new Set([
    'pg',
    '@trunkline/domain',
    '@trunkline/service-kit',
    '@trunkline/database',
    '@trunkline/realtime-react',
    '@trunkline/push',
    '@trunkline/test',
    '@trunkline/backing-services',
    '@trunkline/pbx',
    '@trunkline/event-stream',
  ]),
  devDependencies: new Set(['vitest', 'fast-check']),
};

function messages(path: string, source: string): string[] {
  return checkModule({ path, source }, declared).map(({ line, message }) => `${line}: ${message}`);
}

describe('import directions: each rule has a module that breaks it', () => {
  const broken: readonly [rule: string, path: string, source: string, expected: RegExp][] = [
    [
      'domain rests on nothing of ours',
      'packages/domain/src/call.ts',
      "import { log } from '@trunkline/service-kit';",
      /domain may not import service-kit: everything rests on the domain/,
    ],
    [
      'domain imports nothing of Node',
      'packages/domain/src/call.ts',
      "import { randomUUID } from 'node:crypto';",
      /must run in a browser/,
    ],
    [
      'a built-in module without its prefix is still one',
      'packages/domain/src/call.ts',
      "import { readFileSync } from 'fs';",
      /must run in a browser/,
    ],
    [
      'service-kit rests on nothing of ours',
      'packages/service-kit/src/log.ts',
      "import { x } from '@trunkline/domain';",
      /service-kit may not import domain: every process uses it/,
    ],
    [
      'pbx does not know the database',
      'packages/pbx/src/a.ts',
      "import { x } from '@trunkline/database';",
      /pbx may not import database: an adapter turns frames into events/,
    ],
    [
      'database does not know the stream',
      'packages/database/src/a.ts',
      "import { x } from '@trunkline/event-stream';",
      /database may not import event-stream: tables hold the domain/,
    ],
    [
      'event-stream knows no telephony',
      'packages/event-stream/src/a.ts',
      "import type { Call } from '@trunkline/domain';",
      /event-stream may not import domain: the stream knows no telephony/,
    ],
    [
      'backing-services runs before anything else',
      'packages/backing-services/src/a.ts',
      "import { x } from '@trunkline/database';",
      /backing-services may not import database: it runs before anything else/,
    ],
    [
      'realtime-protocol takes only types of the domain',
      'packages/realtime-protocol/src/up.ts',
      "import { parseEvent } from '@trunkline/domain';",
      /may import only types of domain/,
    ],
    [
      'realtime-client knows only the protocol',
      'packages/realtime-client/src/a.ts',
      "import { x } from '@trunkline/domain';",
      /realtime-client may not import domain: what runs on screens/,
    ],
    [
      'realtime-react knows only the client',
      'packages/realtime-react/src/a.ts',
      "import { x } from '@trunkline/domain';",
      /realtime-react may not import domain/,
    ],
    [
      'the console does not know the database',
      'apps/console/src/a.tsx',
      "import { x } from '@trunkline/database';",
      /console may not import database/,
    ],
    [
      'the simulator does not share the adapters',
      'apps/pbx-simulator/src/a.ts',
      "import { x } from '@trunkline/pbx';",
      /pbx-simulator may not import pbx: a fake that shares/,
    ],
    [
      'no app imports an app',
      'apps/api/src/a.ts',
      "import { createPush } from '@trunkline/push';",
      /apps\/api imports the app push. No room imports an app/,
    ],
    [
      'not even in a test',
      'apps/api/src/a.test.ts',
      "import { createPush } from '@trunkline/push';",
      /imports the app push/,
    ],
    [
      'nothing imports test',
      'apps/api/src/a.ts',
      "import { x } from '@trunkline/test';",
      /nothing imports it/,
    ],
    [
      'production does not start its own stores',
      'apps/api/src/a.ts',
      "import { x } from '@trunkline/backing-services';",
      /only start-up and tests start them/,
    ],
    [
      'what is for tests stays in tests',
      'apps/api/src/a.ts',
      "import { x } from '@trunkline/database/testing';",
      /outside of a test/,
    ],
    [
      'a path out of the room',
      'packages/event-stream/src/a.ts',
      "import { x } from '../../database/src/index.ts';",
      /leaves packages\/event-stream by path/,
    ],
    [
      'a dependency that is not listed',
      'packages/event-stream/src/a.ts',
      "import { x } from 'lodash/get';",
      /imports lodash, which its package.json does not list/,
    ],
    [
      'a builder is no dependency',
      'packages/event-stream/src/a.ts',
      "import fc from 'fast-check';",
      /imports fast-check, which its package.json does not list/,
    ],
    [
      'a room of ours that does not exist',
      'apps/api/src/a.ts',
      "import { x } from '@trunkline/utils';",
      /which is no room of ours/,
    ],
    ['a room without a rule', 'packages/utils/src/a.ts', 'export {};', /packages\/utils has no rule/],
    ['a computed import', 'apps/api/src/a.ts', "await import('./' + name);", /computes what it imports/],
    ['a file that cannot be read', 'apps/api/src/a.ts', 'import {', /cannot be read/],
  ];

  it.each(broken)('%s', (_rule, path, source, expected) => {
    expect(messages(path, source)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('an import is seen in whatever form it comes', () => {
  const forms: readonly [form: string, source: string][] = [
    ['statement', "import { x } from '@trunkline/database';"],
    ['for its effects', "import '@trunkline/database';"],
    ['of types', "import type { X } from '@trunkline/database';"],
    ['re-export of all', "export * from '@trunkline/database';"],
    ['re-export of some', "export { x } from '@trunkline/database';"],
    ['re-export of types', "export type { X } from '@trunkline/database';"],
    ['call', "const x = await import('@trunkline/database');"],
    ['call with a template', 'const x = await import(`@trunkline/database`);'],
    ['type by call', "type X = import('@trunkline/database').X;"],
    ['require', "const x = require('@trunkline/database');"],
    ['of a part of it', "import { x } from '@trunkline/database/deep';"],
  ];

  it.each(forms)('%s', (_form, source) => {
    expect(messages('packages/event-stream/src/a.ts', `\n${source}`)).toEqual([
      expect.stringMatching(/^2: packages\/event-stream may not import database/),
    ]);
  });
});

describe('the domain is pure', () => {
  const impure = [
    'Date.now()',
    "Date['now']()",
    'new Date()',
    'Date()',
    'Math.random()',
    'process.env',
    'console.log(1)',
    'performance.now()',
    'crypto.randomUUID()',
    "fetch('http://localhost')",
    'setTimeout(f, 1)',
  ];
  it.each(impure)('%s is refused', (expression) => {
    expect(messages('packages/domain/src/a.ts', `export const x = ${expression};`)).toEqual([
      expect.stringMatching(/and it is pure/),
    ]);
  });

  it.each(['new Date(0)', 'Date.parse(text)', 'Math.max(1, 2)', 'call.process'])(
    '%s is fine',
    (expression) => {
      expect(messages('packages/domain/src/a.ts', `export const x = ${expression};`)).toEqual([]);
    },
  );

  it('its tests may use a clock', () => {
    expect(messages('packages/domain/src/a.test.ts', 'export const x = Date.now();')).toEqual([]);
  });
});

describe('what is allowed', () => {
  const fine: readonly [what: string, path: string, source: string][] = [
    ['a package below', 'packages/database/src/a.ts', "import { x } from '@trunkline/domain';"],
    [
      'types of the domain in the protocol',
      'packages/realtime-protocol/src/a.ts',
      "import type { X } from '@trunkline/domain';",
    ],
    [
      'marked one by one as well',
      'packages/realtime-protocol/src/a.ts',
      "import { type X } from '@trunkline/domain';",
    ],
    ['any package in an app', 'apps/api/src/a.ts', "import { x } from '@trunkline/database';"],
    ['a neighbour in the room', 'packages/database/src/writes/a.ts', "import { x } from '../columns.ts';"],
    ['Node in a server package', 'packages/database/src/a.ts', "import { x } from 'node:fs';"],
    [
      'another package in a test',
      'packages/event-stream/src/a.pg.test.ts',
      "import { x } from '@trunkline/database';",
    ],
    [
      'test servers in a test',
      'packages/event-stream/src/a.test.ts',
      "import { x } from '@trunkline/backing-services/testing';",
    ],
    ['builders in a test', 'packages/domain/src/a.test.ts', "import fc from 'fast-check';"],
    ['apps in what crosses rooms', 'test/e2e/a.test.ts', "import { createPush } from '@trunkline/push';"],
    ['the stores in start-up', 'infra/launch/start.ts', "import { x } from '@trunkline/backing-services';"],
    [
      'the bootstrap before anything is installed',
      'infra/bootstrap/a.mjs',
      "import { x } from '../../packages/backing-services/src/processes/file-lock.mjs';",
    ],
  ];

  it.each(fine)('%s', (_what, path, source) => {
    expect(messages(path, source)).toEqual([]);
  });
});
