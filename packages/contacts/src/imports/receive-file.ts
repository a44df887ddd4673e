import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Database, Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import type { FileStorage } from '@trunkline/storage';
import { isCountry, type CountryCode } from '../book/read-number.ts';
import { previewFile, sampleBytesMax, type FilePreview, type FormatWishes } from '../csv/preview-file.ts';
import { watchUtf8 } from '../csv/watch-utf8.ts';
import { insertImport, readImport, type ContactImport, type ImportAddress } from './contact-import.ts';

export interface ReceiveHost {
  readonly database: Pick<Database, 'run'>;
  readonly storage: FileStorage;
}

export interface ReceivedFile {
  readonly tenant: TenantId;
  /** For people only: the key of the file is ours. */
  readonly fileName: string;
  readonly by: string;
  readonly source: AsyncIterable<Buffer>;
  readonly bytesMax: number;
}

const fileNameLettersMax = 200;

/** Stores a file as it comes in, and notes it as an import that nobody has started yet. */
export async function receiveFile(
  { database, storage }: ReceiveHost,
  { tenant, fileName, by, source, bytesMax }: ReceivedFile,
): Promise<ContactImport> {
  const id = randomUUID();
  const key = `imports/${tenant}/${id}.csv`;
  const watch = watchUtf8();
  const { bytes, sha256 } = await storage.put(key, Readable.from(watch.pass(source)), { bytesMax });
  try {
    const isUtf8 = watch.isUtf8();
    const wanted = { id, tenant, by, fileKey: key, fileName: plainName(fileName), bytes, sha256, isUtf8 };
    return await database.run((transaction) => insertImport(transaction, wanted));
  } catch (error) {
    // A file that nothing speaks of would lie there for ever.
    await storage.delete(key).catch(() => undefined);
    throw error;
  }
}

const plainName = (name: string): string =>
  name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, fileNameLettersMax)
    .toWellFormed();

/** What the file of an import seems to be, and what its first rows would become. */
export async function previewImport(
  { database, storage }: ReceiveHost,
  address: ImportAddress,
  wishes: FormatWishes = {},
): Promise<FilePreview> {
  const [known, country] = await database.run(async (transaction) => {
    const found = await readImport(transaction, address);
    return [found, await countryOf(transaction, found.tenant)] as const;
  });
  const range = { first: 0, last: sampleBytesMax - 1 };
  const bytes =
    known.bytes === 0 ? Buffer.alloc(0) : await buffer(await storage.get(known.fileKey, { range }));
  const sample = { bytes, isWhole: known.bytes <= sampleBytesMax, isUtf8: known.isUtf8 };
  return previewFile(sample, wishes, country);
}

/** Where a number without a country code is read as one of. */
export async function countryOf(transaction: Transaction, tenant: TenantId): Promise<CountryCode | null> {
  const [row] = await transaction.query<{ country: string | null }>(
    'select default_country as country from tenant where id = $1',
    [tenant],
  );
  const country = row?.country ?? null;
  return country !== null && isCountry(country) ? country : null;
}
