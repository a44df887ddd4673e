import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutPaths } from '@trunkline/backing-services';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureConsole } from './ensure-console.ts';

/** A checkout with a console of one line. It lies in this one, so that Vite is found. */
let root: string;
let app: string;
beforeEach(async () => {
  const { tests } = checkoutPaths();
  await mkdir(tests, { recursive: true });
  root = await mkdtemp(join(tests, 'console-'));
  app = join(root, 'apps/console');
  for (const folder of ['realtime-client', 'realtime-protocol', 'realtime-react'])
    await mkdir(join(root, 'packages', folder, 'src'), { recursive: true });
  for (const folder of ['infra/console', 'apps/console'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (word: string): Promise<void> => writeFile(join(app, 'main.js'), `document.title = '${word}'`);

async function ensure(): Promise<{ readonly folder: string | null; readonly said: string }> {
  const lines: string[] = [];
  const folder = await ensureConsole({ root, report: (line) => lines.push(line) });
  return { folder, said: lines.join('\n') };
}

it('builds the console when it is missing or of other sources, and compresses what gets smaller', async () => {
  expect(await ensure()).toEqual({ folder: null, said: '' });
  await writeFile(join(app, 'package.json'), '{"name":"a-console","private":true}');
  await writeFile(join(app, 'index.html'), '<script type="module" src="/main.js"></script>');
  await writeFile(join(app, 'main.js'), `document.title = '${'long '.repeat(500)}'`);

  const first = await ensure();
  expect(first).toEqual({
    folder: join(app, 'dist'),
    said: expect.stringMatching(/^Building the console \.\.\.\nBuilt the console in [\d.]+ s\.$/) as string,
  });
  const assets = await readdir(join(app, 'dist/assets'));
  const script = assets.find((name) => name.endsWith('.js')) ?? '';
  expect(assets.toSorted()).toEqual([script, `${script}.br`, `${script}.gz`]);
  expect(await ensure()).toMatchObject({ said: '' });

  await write('another');
  await ensure();
  const html = await readFile(join(app, 'dist/index.html'), 'utf8');
  expect(html).not.toContain(script);

  // What can't be built leaves the build before where it is.
  await writeFile(join(app, 'main.js'), 'import "./nothing.js"');
  await expect(ensure()).rejects.toThrow(/Vite could not build .*nothing\.js/s);
  expect(await readFile(join(app, 'dist/index.html'), 'utf8')).toBe(html);
});
