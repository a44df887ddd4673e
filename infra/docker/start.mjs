import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What the image runs, in its process 1: `<app> [arguments]`. One image serves all apps, so that a version is one thing.
 */
const apps = join(import.meta.dirname, '../../apps');
const [app = ''] = process.argv.splice(2, 1);
const main = join(apps, app, 'src/main.ts');

if (/^[\w-]+$/.test(app) && existsSync(main)) await import(pathToFileURL(main).href);
else {
  console.error(`There is no app "${app}". There are: ${readdirSync(apps).join(', ')}.`);
  process.exitCode = 2;
}
