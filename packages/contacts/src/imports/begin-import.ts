import type { OutboxMessage } from '@trunkline/database';
import type { MergePolicy } from '../book/merge-rows.ts';
import type { FormatWishes } from '../csv/preview-file.ts';
import { readImport, startImport, type ContactImport, type ImportAddress } from './contact-import.ts';
import { countryOf, previewImport, type ReceiveHost } from './receive-file.ts';
import { tellImport } from './tell-import.ts';

export interface BeginWishes extends FormatWishes {
  readonly policy: MergePolicy;
  readonly isDryRun: boolean;
}

/** Starts an import as it was guessed, but for what somebody knows better. The caller hands it out and tells the screens. */
export async function beginImport(
  host: ReceiveHost,
  address: ImportAddress,
  { policy, isDryRun, ...wishes }: BeginWishes,
): Promise<{ readonly started: ContactImport; readonly messages: readonly OutboxMessage[] }> {
  const { encoding, delimiter, hasHeader, columns } = await previewImport(host, address, wishes);
  const format = { encoding, delimiter, hasHeader };
  const targets = columns.map(({ target }) => target);
  return host.database.run(async (transaction) => {
    const { tenant } = await readImport(transaction, address);
    const country = await countryOf(transaction, tenant);
    const plan = { format, columns: targets, country, policy, isDryRun };
    const started = await startImport(transaction, address, plan);
    return { started, messages: await tellImport(transaction, started) };
  });
}
