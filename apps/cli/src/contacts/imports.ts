import { cancelImport, listImports, readImport, tellImport } from '@trunkline/contacts';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { PageOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showPage } from '../output/show-page.ts';
import { when } from '../output/when.ts';
import { importLine } from './import-line.ts';

export interface ImportsListOptions extends PageOptions {
  readonly tenant?: string;
}

export async function runImportsList(bench: Bench, options: ImportsListOptions): Promise<void> {
  const { tenant: named, limit, after } = options;
  const database = await bench.database();
  const page = await database.run(async (tx) => {
    const { tenant = null } = await resolveScope(tx, named === undefined ? {} : { tenant: named });
    return listImports(tx, { tenant }, { limit, after });
  });
  showPage(bench.terminal, page, options, {
    columns: ['created (UTC)', 'file', 'by', 'how it stands', 'import'],
    rowOf: (known) => ({
      'created (UTC)': when(known.createdAt),
      file: known.fileName,
      by: known.createdBy,
      'how it stands': importLine(known),
      import: known.id,
    }),
    nothing: 'There are no imports. Begin one: trunkline contacts import <file>',
  });
}

export async function runImportsCancel(bench: Bench, id: string): Promise<void> {
  const database = await bench.database();
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id))
    throw new Failure(`"${id}" is no id of an import. "trunkline imports list" shows them.`);
  const { known, messages } = await database.run(async (tx) => {
    await readImport(tx, { id });
    const cancelled = await cancelImport(tx, { id });
    return { known: cancelled, messages: await tellImport(tx, cancelled) };
  });
  await bench.relay(messages).catch(() => undefined);
  bench.terminal.note(
    known.finishedAt === null
      ? 'It ends at its next chunk; what was done until then stays.'
      : 'It is cancelled, and nothing more is done.',
  );
}
