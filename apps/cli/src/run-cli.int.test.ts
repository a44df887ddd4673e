import { createTestDatabase, testDatabaseUrl } from '@trunkline/backing-services/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliLab } from './testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

const leaves = [
  'status',
  'migrate',
  'calls list',
  'calls show',
  'calls stats',
  'calls cleanup',
  'cleanup-runs list',
  'cleanup-runs show',
  'schedule list',
  'schedule run',
  'contacts list',
  'contacts show',
  'contacts import',
  'imports list',
  'imports cancel',
  'recordings list',
  'recordings show',
  'recordings download',
  'recordings keep',
  'dead-letters list',
  'dead-letters show',
  'dead-letters replay',
  'dead-letters drop',
  'pbx add',
  'pbx list',
  'pbx show',
  'pbx remove',
  'pbx retry',
  'pbx snapshot',
  'tenant add',
  'tenant list',
  'webhooks add',
  'webhooks list',
  'webhooks show',
  'webhooks test',
  'webhooks rotate-secret',
  'webhooks enable',
  'webhooks disable',
  'webhooks remove',
  'webhooks deliveries',
  'webhooks delivery',
  'webhooks redeliver',
];

const anId = '0d000000-0000-4000-8000-00000000000d';

/** What each command needs to get past its own checks. */
const operands: Readonly<Record<string, readonly string[]>> = {
  'calls show': ['x'],
  'calls cleanup': ['--no-interaction'],
  'cleanup-runs show': ['x'],
  'contacts show': [anId],
  'contacts import': ['package.json'],
  'imports cancel': [anId],
  'recordings show': [anId],
  'recordings download': [anId, 'x'],
  'recordings keep': ['--days', '30'],
  'dead-letters show': ['x'],
  'dead-letters replay': ['x'],
  'dead-letters drop': ['x'],
  'pbx add': ['x', '--vendor', 'yeastar', '--address', 'https://pbx.test', '--credential', 'x', '--no-check'],
  'pbx show': ['x'],
  'pbx remove': ['x'],
  'pbx retry': ['x'],
  'pbx snapshot': ['x'],
  'tenant add': ['x'],
  'webhooks add': ['https://example.com/'],
  'webhooks show': ['x'],
  'webhooks test': ['x'],
  'webhooks rotate-secret': ['x'],
  'webhooks enable': ['x'],
  'webhooks disable': ['x'],
  'webhooks remove': ['x'],
  'webhooks delivery': ['x'],
  'webhooks redeliver': ['x'],
};
const command = (leaf: string): string[] => [...leaf.split(' '), ...(operands[leaf] ?? [])];

describe('every command', () => {
  it('is in this list', async () => {
    const found: string[] = [];
    const walk = async (path: readonly string[]): Promise<void> => {
      const { out } = await lab.run([...path, '--help']);
      const names = [...(/\nCommands:\n([^]*)$/.exec(out)?.[1] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => name !== 'help');
      if (names.length === 0) found.push(path.join(' '));
      for (const name of names) await walk([...path, name]);
    };
    await walk([]);
    expect(found.sort()).toEqual([...leaves].sort());
  });

  it.each(leaves)('has help with examples: %s', async (leaf) => {
    const { code, out, notes } = await lab.run([...leaf.split(' '), '--help']);
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(out).toContain(`Usage: trunkline ${leaf}`);
    expect(out).toContain(`\nExamples:\n  $ trunkline ${leaf}`);
  });

  it.each(leaves)('refuses what it does not know with exit code 2: %s', async (leaf) => {
    const { code, out, notes } = await lab.run([...command(leaf), '--no-such-option']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toContain("unknown option '--no-such-option'");
  });

  /** A worker does it, so that the database is not asked from here. */
  const withDatabase = leaves.filter((leaf) => leaf !== 'schedule run');

  it.each(withDatabase)('says that the database is away, without a stack: %s', async (leaf) => {
    const { code, out, notes } = await lab.run(command(leaf), {
      env: { DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/none' },
    });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(notes).toBe(
      "The database can't be reached (ECONNREFUSED). Is it running, and is DATABASE_URL right?",
    );
  });
});

describe('the command line', () => {
  it.each([[[]], [['calls']], [['nonsense']], [['calls', 'nonsense']], [['calls', 'lsit']]])(
    'answers %j with exit code 2 and what there is',
    async (args) => {
      const { code, out, notes } = await lab.run(args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(notes).toMatch(/Usage: |--help/);
    },
  );

  it('names a setting that is wrong or missing', async () => {
    const { code, notes } = await lab.run(['status'], { env: { DATABASE_URL: undefined } });
    expect(code).toBe(1);
    expect(notes).toContain('DATABASE_URL');
    expect(notes).not.toMatch(/\n {4}at /);
  });

  it('says what to do about a database without our tables, or with another password', async () => {
    await using empty = await createTestDatabase();
    const onEmpty = await lab.run(['calls', 'list'], { env: { DATABASE_URL: empty.url } });
    expect(onEmpty).toMatchObject({ code: 1, notes: expect.stringMatching(/lacks our tables/) as string });
    const url = new URL(testDatabaseUrl());
    url.pathname = '/no_such_database';
    const onNone = await lab.run(['calls', 'list'], { env: { DATABASE_URL: url.href } });
    expect(onNone).toMatchObject({ code: 1, notes: expect.stringMatching(/no such database/) as string });
  });
});

describe('tenants', () => {
  it('are added once and listed', async () => {
    expect((await lab.run(['tenant', 'add', 'Initech'])).out).toMatch(
      /^Added the tenant Initech \([0-9a-f-]{36}\)\.$/,
    );
    expect(await lab.run(['tenant', 'add', 'Initech'])).toMatchObject({
      code: 1,
      notes: 'There is already a tenant "Initech".',
    });
    expect((await lab.run(['tenant', 'list'])).out).toMatch(/^id +name\n\S+ +Acme\n\S+ +Initech$/);
    expect(await lab.json('tenant', 'list')).toMatchObject([{ name: 'Acme' }, { name: 'Initech' }]);
    expect((await lab.run(['tenant', 'add'])).code).toBe(2);
  });
});

describe('PBXs', () => {
  it('are listed, shown and removed', async () => {
    const { out } = await lab.run(['pbx', 'list']);
    expect(out).toMatch(/^name +vendor +address .*\nHead office +yeastar +https:\/\/pbx\.test +idle/);
    expect((await lab.run(['pbx', 'show', 'Head office'])).out).toMatch(
      /^name +Head office\nid +[0-9a-f-]{36}\n/,
    );
    expect(await lab.json('pbx', 'show', lab.pbx)).toMatchObject({ name: 'Head office', enabled: true });
    expect(await lab.run(['pbx', 'show', 'Nowhere'])).toMatchObject({
      code: 1,
      notes: 'There is no PBX "Nowhere". There are Head office.',
    });
    expect((await lab.run(['pbx', 'remove', 'Head office'])).out).toMatch(/^Removed Head office\./);
    expect((await lab.run(['pbx', 'list'])).out).toMatch(/There are no PBXs yet/);
    expect((await lab.run(['pbx', 'list', '--all'])).out).toMatch(/Head office .* removed/);
    expect(await lab.json('calls', 'list', '--pbx', 'Head office')).toEqual({ items: [], next: null });
  });
});
