import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase } from '@trunkline/backing-services/testing';
import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { migrations } from './migrations/index.ts';

const run = promisify(execFile);
const migrateModule = new URL('./migrate.ts', import.meta.url).href;
const script = `import { migrate } from ${JSON.stringify(migrateModule)};
  const done = await migrate(process.env.TARGET_URL);
  // A pool that was left open holds a timer, and with it the process, for ten seconds.
  const left = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout');
  process.stdout.write(JSON.stringify({ done, left }));`;

it(
  '8 processes migrate an empty database at once: none fails, one does the work, and none leaves anything open',
  { timeout: 120_000 },
  async () => {
    await using created = await createTestDatabase();
    await using database = await openDatabase({ url: created.url, applicationName: 'test' });
    expect(await pendingMigrations(database)).toHaveLength(migrations.length);
    const processes = Array.from({ length: 8 }, () =>
      run(process.execPath, ['--input-type=module', '--eval', script], {
        env: { ...process.env, TARGET_URL: created.url },
      }),
    );
    const outcomes = (await Promise.all(processes)).map(
      ({ stdout }) => JSON.parse(stdout) as { done: string[]; left: string[] },
    );
    const worked = outcomes.map(({ done }) => done).filter((names) => names.length > 0);
    expect(worked).toEqual([migrations.map(({ name }) => name)]);
    expect(outcomes.flatMap(({ left }) => left)).toEqual([]);
    expect(await pendingMigrations(database)).toEqual([]);
  },
);

it('every migration can be taken back and done again', async () => {
  await using created = await createTestDatabase();
  await migrate(created.url);
  await using database = await openDatabase({ url: created.url, applicationName: 'test' });
  await database.orm.migrator.down({ to: 0 });
  const tables = await database.run((transaction) =>
    transaction.query<{ name: string }>(
      `select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
       where nspname = 'public' and relkind in ('r', 'p') and relname <> 'migration'`,
    ),
  );
  expect(tables).toEqual([]);
  expect(await database.orm.migrator.up()).toHaveLength(migrations.length);
});

it('the entities say of every column what the tables say', async () => {
  await using created = await createTestDatabase();
  await migrate(created.url);
  await using database = await openDatabase({ url: created.url, applicationName: 'test' });
  const columns = await database.run((transaction) =>
    transaction.query<{ table: string; column: string; nullable: boolean }>(
      `select table_name as table, column_name as column, is_nullable = 'YES' as nullable
       from information_schema.columns where table_schema = 'public'
         and table_name not like 'call\\_event\\__%' and table_name <> 'migration'
         and table_name not in (select table_name from information_schema.views)`,
    ),
  );
  const stored = columns.map(({ table, column, nullable }) => `${table}.${column}${nullable ? '?' : ''}`);
  const described = [...database.orm.getMetadata().getAll().values()].flatMap((meta) =>
    meta.props.flatMap((prop) =>
      prop.fieldNames.map((column) => `${meta.tableName}.${column}${prop.nullable === true ? '?' : ''}`),
    ),
  );
  expect(described.toSorted()).toEqual(stored.toSorted());
});
