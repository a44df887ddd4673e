import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { climb, postgresLadder } from '../ladder.ts';
import { newPassword } from '../passwords.ts';
import { startPostgres } from '../postgres/postgres-server.ts';
import { letPass, testRunFolder } from '../test-run.ts';
import { ownWarden } from './own-warden.ts';
import { restartableServer } from './restartable-server.ts';
import type { RestartableServer } from './restartable-server.ts';

export type TestPostgresServer = RestartableServer;

/** A PostgreSQL of the test's own, from the same program as the others: to kill or freeze. Its data stays. */
export async function startPostgresServer(): Promise<TestPostgresServer> {
  const folder = await mkdtemp(join(testRunFolder(), 'postgres-'));
  letPass(folder);
  const password = newPassword();
  return await restartableServer(folder, (port) =>
    climb('PostgreSQL', postgresLadder, (programs) =>
      startPostgres({
        programs,
        dataFolder: join(folder, 'data'),
        logFile: join(folder, 'postgres.log'),
        password,
        ...(port === undefined ? {} : { port }),
        ephemeral: true,
        warden: ownWarden(),
      }),
    ),
  );
}
