import { createTestDatabase } from '@trunkline/backing-services/testing';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { schemaCheck, waitForSchema } from './wait-for-schema.ts';

it('waits until somebody has migrated, says once what is missing, and can be told to stop waiting', async () => {
  await using created = await createTestDatabase();
  await using database = await openDatabase({ url: created.url, applicationName: 'test' });
  const { logger, lines } = createMemoryLogger();
  const stop = new AbortController();

  const givenUp = waitForSchema(database, { logger, signal: stop.signal, everyMs: 5 });
  const waiting = waitForSchema(database, { logger, signal: new AbortController().signal, everyMs: 5 });
  await expect.poll(() => lines.length).toBe(2);
  await expect(schemaCheck(database)()).rejects.toThrow(migrations[0]?.name);
  stop.abort(new Error('stopping'));
  await expect(givenUp).rejects.toThrow('stopping');

  await migrate(created.url);
  await waiting;
  expect(lines).toHaveLength(2);
});

it('a schema that was in place once is not asked for again', async () => {
  await using created = await createTestDatabase();
  await migrate(created.url);
  await using database = await openDatabase({ url: created.url, applicationName: 'test' });
  const check = schemaCheck(database);
  await check();
  await database.orm.migrator.down({ to: 0 });
  await check();
});
