import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runbooksAt } from './alerts/alert.ts';
import { writtenFiles } from './written-files.ts';

/** Writes rules, dashboard and pages anew. `--runbooks <url>` says where people at your place read the runbooks. */
const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { runbooks: { type: 'string', default: runbooksAt } } });

for (const [path, text] of Object.entries(writtenFiles(values.runbooks))) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  process.stdout.write(`wrote ${path}\n`);
}
