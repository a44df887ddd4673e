import { createReadStream } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  beginImport,
  cancelImport,
  createImportQueue,
  eachRejection,
  previewImport,
  readImport,
  receiveFile,
  rejectedCsv,
  type ColumnTarget,
  type ContactImport,
  type Delimiter,
  type Encoding,
  type FilePreview,
  type MergePolicy,
} from '@trunkline/contacts';
import type { Database } from '@trunkline/database';
import { createFolderStorage } from '@trunkline/storage';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { plain } from '../output/plain.ts';
import { showJson } from '../output/show-page.ts';
import { table } from '../output/table.ts';
import { importLine } from './import-line.ts';
import { tenantNamed } from './tenant-named.ts';

export interface ContactsImportOptions extends JsonOption {
  readonly tenant?: string;
  readonly policy: MergePolicy;
  readonly dryRun?: boolean;
  readonly columns?: readonly ColumnTarget[];
  readonly encoding?: Encoding;
  readonly delimiter?: Delimiter;
  /** Whether the preview is agreed to without a question. */
  readonly yes?: boolean;
  readonly rejected?: string;
}

/** The same steps as in the console: upload, preview, start, follow; and what was refused comes back as a file. */
export async function runContactsImport(
  bench: Bench,
  path: string,
  options: ContactsImportOptions,
): Promise<void> {
  const { terminal, settings, operator: by } = bench;
  await refuseUnreadable(path);
  const { tenant, database } = await tenantNamed(bench, options.tenant);
  const host = { database, storage: createFolderStorage(settings.storage.folder) };
  const source = createReadStream(path) as AsyncIterable<Buffer>;
  const { bytesMax } = settings.imports;
  const { id } = await receiveFile(host, { tenant, by, fileName: basename(path), source, bytesMax });
  const address = { id, tenant };
  const { policy, dryRun: isDryRun = false, columns, encoding, delimiter } = options;
  const wishes = { columns, encoding, delimiter };
  if (!(await isAgreed(bench, await previewImport(host, address, wishes), options))) {
    await database.run((tx) => cancelImport(tx, address));
    terminal.note('Nothing was imported.');
    return;
  }
  const { started, messages } = await beginImport(host, address, { ...wishes, policy, isDryRun });
  await bench.relay(messages).catch(() => undefined);
  const { logger } = bench;
  await using queue = createImportQueue({ redis: bench.redis(), prefix: settings.stores.prefix, logger });
  await queue.enqueue([{ import: id, rowsDone: started.rowsDone }]);
  const ended = await follow(bench, database, id);
  const rejectedFile = await keepRejected(
    database,
    ended,
    previewColumns(await previewImport(host, address, wishes)),
    options,
  );
  if (options.json === true) showJson(terminal, { ...ended, rejectedFile });
  else terminal.out(importLine(ended));
  if (rejectedFile !== null)
    terminal.note(`The rows that were refused, with what is wrong with them: ${rejectedFile}`);
  if (ended.state === 'failed') throw new Failure(ended.problem ?? 'The import failed.');
}

async function refuseUnreadable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw new Failure(`${path} is a folder; name a file.`);
    await (await open(path)).close();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The file ${path} can't be read. Is it there, and may you?`, { cause: error });
  }
}

const previewColumns = ({ columns }: FilePreview): string[] =>
  columns.map(({ header }, index) => header ?? `Column ${index + 1}`);

async function isAgreed(
  { terminal }: Bench,
  preview: FilePreview,
  { yes = false, json = false }: ContactsImportOptions,
): Promise<boolean> {
  const { encoding, delimiter, hasHeader, columns, rows } = preview;
  terminal.note(
    `${encoding}, columns end at ${JSON.stringify(delimiter)}, ${hasHeader ? 'the first row names them' : 'no row names them'}`,
  );
  if (!json)
    terminal.note(
      table(
        ['column', 'holds', 'such as'],
        columns.map(({ header, target, samples }, index) => ({
          column: plain(header ?? String(index + 1)),
          holds: target,
          'such as': plain(samples.find((text) => text !== '') ?? '-').slice(0, 40),
        })),
      ),
    );
  for (const { row, problems } of rows.filter(({ card }) => card === null))
    terminal.note(`row ${row} will be refused: ${plain(problems.join('; '))}`);
  if (yes) return true;
  if (!terminal.isInteractive)
    throw new Failure('Nobody is there to agree to the preview; look at it, then say --yes.');
  return /^y/i.test((await terminal.ask('Import it like this? [y/N] ')) ?? '');
}

const lookEveryMs = 250;
const beginsWithinMs = 30_000;

/** Until it ends. Whoever stops looking stops nothing: the import goes on. */
async function follow({ terminal, signal }: Bench, database: Database, id: string): Promise<ContactImport> {
  const startedAt = performance.now();
  let isTold = false;
  for (;;) {
    const known = await database.run((tx) => readImport(tx, { id }));
    if (terminal.isInteractive) terminal.overwrite(importLine(known));
    if (known.finishedAt !== null) {
      if (terminal.isInteractive) terminal.overwrite('');
      return known;
    }
    if (known.state === 'waiting' && !isTold && performance.now() - startedAt > beginsWithinMs) {
      isTold = true;
      terminal.note('No worker has begun yet; see that apps/import-worker runs. The import waits for one.');
    }
    if (signal.aborted)
      throw new Failure(
        `The import goes on without you: trunkline imports list. To end it: trunkline imports cancel ${id}`,
      );
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function keepRejected(
  database: Database,
  { id, rejected }: ContactImport,
  headers: readonly string[],
  { rejected: path = 'rejected.csv' }: ContactsImportOptions,
): Promise<string | null> {
  if (rejected === 0) return null;
  await writeFile(
    path,
    rejectedCsv(
      headers,
      eachRejection((work) => database.run(work), id),
    ),
  );
  return path;
}
