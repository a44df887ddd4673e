import { readShownImport } from '@trunkline/contacts';
import { readNewestMessages } from '@trunkline/conversations';
import { readShown, type Database, type ShownRow } from '@trunkline/database';
import { tenantId } from '@trunkline/domain';
import type { DataType, Topic } from '@trunkline/realtime-protocol';
import { assertNever } from '@trunkline/service-kit';

/** Of what goes on for ever, a screen gets the newest. */
const newest = 100;

export interface SnapshotRows {
  readonly type: DataType;
  readonly rows: readonly ShownRow[];
}

/** What a tenant's topic says now, behind both walls between tenants. Null where there is nothing to read. */
export async function readRows(
  database: Pick<Database, 'forTenant'>,
  tenant: string,
  { kind, key }: Topic,
): Promise<SnapshotRows | null> {
  const read = (work: (transaction: Parameters<typeof readShown.extensions>[0]) => Promise<ShownRow[]>) =>
    database.forTenant(tenantId(tenant), (_em, transaction) => work(transaction));
  switch (kind) {
    case 'calls':
      return { type: 'call_update', rows: await read((transaction) => readShown.calls(transaction, key)) };
    case 'extensions':
      return { type: 'extension_update', rows: await read(readShown.extensions) };
    case 'pbx':
      return { type: 'link_update', rows: await read(readShown.links) };
    case 'cleanup':
      return {
        type: 'cleanup_run',
        rows: await read((transaction) => readShown.cleanupRuns(transaction, newest)),
      };
    case 'conversation':
      return {
        type: 'chat_message',
        rows: await read((transaction) => readNewestMessages(transaction, key ?? '', newest)),
      };
    case 'imports': {
      const shown = await database.forTenant(tenantId(tenant), (_em, tx) => readShownImport(tx, key ?? ''));
      return shown === null ? null : { type: shown.type, rows: [shown.row] };
    }
    case 'recordings':
    case 'user':
    case 'dialer':
      return null;
    default:
      return assertNever(kind, 'a kind of topic');
  }
}
