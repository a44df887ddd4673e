import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutPaths } from '@trunkline/backing-services';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureServices } from './ensure-services.ts';

/** A checkout with two services and what they share. */
let root: string;
beforeEach(async () => {
  const { tests } = checkoutPaths();
  await mkdir(tests, { recursive: true });
  root = await mkdtemp(join(tests, 'services-'));
  for (const folder of [
    'apps/one/src',
    'apps/two/src',
    'apps/no-service/src',
    'packages/words/src',
    'infra/services',
  ])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(
    join(root, 'packages/words/src/index.ts'),
    `export const place: string = import.meta.dirname;`,
  );
  for (const name of ['one', 'two'])
    await writeFile(
      join(root, `apps/${name}/src/main.ts`),
      `import { place } from '../../../packages/words/src/index.ts';\nconsole.log('${name}', place);`,
    );
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function ensure(): Promise<{ readonly folder: string; readonly said: readonly string[] }> {
  const said: string[] = [];
  return { folder: await ensureServices({ root, report: (line) => said.push(line) }), said };
}
const run = (folder: string, app: string): string =>
  execFileSync(process.execPath, [join(folder, `${app}.mjs`)], { encoding: 'utf8' }).trim();

it('bundles every service once for the same sources, and each finds what lies beside its sources', async () => {
  const first = await ensure();
  expect(first.said).toEqual([expect.stringMatching(/^Bundled the services in [\d.]+ s\.$/)]);
  const place = join(root, 'packages/words/src');
  expect([run(first.folder, 'one'), run(first.folder, 'two')]).toEqual([`one ${place}`, `two ${place}`]);
  expect(existsSync(join(first.folder, 'no-service.mjs'))).toBe(false);
  // Neither a test nor a room that is no service makes another build of them.
  await writeFile(join(root, 'packages/words/src/words.test.ts'), 'nothing');
  await writeFile(join(root, 'apps/no-service/src/page.ts'), 'nothing');
  expect(await ensure()).toEqual({ folder: first.folder, said: [] });
});

it('bundles what has changed anew, beside the build that may still run, and says what can not be bundled', async () => {
  const before = await ensure();
  await writeFile(join(root, 'apps/one/src/main.ts'), `console.log('changed');`);
  const after = await ensure();
  expect([run(after.folder, 'one'), run(before.folder, 'one').split(' ')[0]]).toEqual(['changed', 'one']);
  await writeFile(join(root, 'apps/one/src/main.ts'), `import './nothing.ts';`);
  await expect(ensure()).rejects.toThrow('nothing.ts');
});
