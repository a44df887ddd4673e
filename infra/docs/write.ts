import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from './reference-pages.ts';

/** `npm run docs`: writes docs/reference. A unit test fails while a page there is older than what it is made of. */

const root = join(import.meta.dirname, '..', '..');

for (const { path, text } of referencePages()) {
  writeFileSync(join(root, path), text);
  console.log(path);
}
