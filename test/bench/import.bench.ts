/**
 * How fast a file of contacts is imported, beside a bare COPY of the same file into a table without indexes: reading, normalising, looking
 * for whom each row is about, merging, and a place after each chunk. Then the same file again, which must change nothing.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createTestDatabase, startTestServers } from '@trunkline/backing-services/testing';
import { beginImport, receiveFile, runImport } from '@trunkline/contacts';
import { addTenant, migrate, openDatabase, type Database } from '@trunkline/database';
import { tenantId } from '@trunkline/domain';
import { createFolderStorage, type FileStorage } from '@trunkline/storage';
import { ratio, report } from './measure.ts';

const tenant = tenantId('10000000-0000-4000-8000-000000000001');
const bytesMax = 10_000_000_000;

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '1000000' } },
  });
  const rows = Number(values.rows);
  await using servers = await startTestServers((line) => console.log(line));
  await using created = await createTestDatabase(async (url) => void (await migrate(url)));
  await using database = await openDatabase({ url: created.url, applicationName: 'bench', silenceMs: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-bench-'));
  try {
    console.log(`${rows} rows; ${servers.label}`);
    const file = join(folder, 'contacts.csv');
    await pipeline(Readable.from(linesOf(rows)), createWriteStream(file));
    await database.run((tx) => addTenant(tx, { id: tenant, name: 'bench' }));
    const storage = createFolderStorage(folder);
    const copy = rateOf(rows, await copied(database, file));
    const first = await imported(database, storage, file);
    const again = await imported(database, storage, file);
    if (again.created + again.updated > 0) throw new Error('the same file has changed something');
    const rates = { copy, first: rateOf(rows, first.ms), again: rateOf(rows, again.ms) };
    report(
      'import',
      { rows, ratesPerSecond: rates, created: first.created, heapGrownMb: first.heapGrownMb },
      { copy: ratio(rates.first, copy), again: ratio(rates.again, copy) },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const rateOf = (rows: number, ms: number): number => Math.round((rows / ms) * 1_000);

/** As a CRM exports it: names, two numbers in the ways people write them, an address for most, a company, tags. */
function* linesOf(rows: number): Generator<string> {
  yield 'Name,Phone,Mobile,E-Mail,Company,Tags\n';
  let piece = '';
  for (let row = 0; row < rows; row += 1) {
    const email = row % 5 === 4 ? '' : `person.${row}@example.com`;
    piece += `Person ${row},+49 30 ${10_000_000 + row},+49 151 ${10_000_000 + row},${email},"Company ${row % 997}, Inc.",tag ${row % 7}\n`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function copied(database: Database, file: string): Promise<number> {
  await database.run((tx) =>
    tx.query('create table bare (name text, phone text, mobile text, email text, company text, tags text)'),
  );
  const startedAt = performance.now();
  await database.copying((tx) =>
    tx.copyIn('copy bare from stdin (format csv, header)', createReadStream(file)),
  );
  return performance.now() - startedAt;
}

async function imported(database: Database, storage: FileStorage, file: string) {
  const host = { database, storage };
  const source = createReadStream(file) as AsyncIterable<Buffer>;
  const { id } = await receiveFile(host, { tenant, by: 'bench', fileName: 'bench.csv', source, bytesMax });
  await beginImport(host, { id, tenant }, { policy: 'update', isDryRun: false });
  const before = process.memoryUsage().heapUsed;
  let heapMax = before;
  const startedAt = performance.now();
  const ended = await runImport(
    {
      ...host,
      relay: () => Promise.resolve(),
      onChunk: () => {
        heapMax = Math.max(heapMax, process.memoryUsage().heapUsed);
      },
    },
    id,
  );
  const ms = performance.now() - startedAt;
  if (ended.state !== 'complete') throw new Error(`the import is ${ended.state}: ${ended.problem}`);
  return { ...ended, ms, heapGrownMb: Math.round((heapMax - before) / 2 ** 20) };
}
