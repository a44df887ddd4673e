import {
  showExtension,
  type Extension,
  type ExtensionNumber,
  type PbxId,
  type ShownExtension,
  type TenantId,
} from '@trunkline/domain';
import { column, parametersOf, type Column } from '../columns.ts';
import type { Transaction } from '../transaction.ts';
import { changesOf, type Changes, type ChangesRow } from './changes.ts';
import type { Floors } from './floors.ts';
import { mergeStatement, take, toldLast, wordWins } from './merge-statement.ts';

export interface SaidExtension {
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  readonly number: ExtensionNumber;
  readonly extension: Extension;
  readonly shown: ShownExtension;
}

export const saidExtension = (
  tenant: TenantId,
  pbx: PbxId,
  number: ExtensionNumber,
  extension: Extension,
  floors: Floors,
): SaidExtension => ({
  tenant,
  pbx,
  number,
  extension,
  shown: showExtension(extension, floors.get(pbx) ?? []),
});

const columns: readonly Column<SaidExtension>[] = [
  column('tenant_id', 'uuid', (said: SaidExtension) => said.tenant),
  column('pbx_id', 'uuid', (said: SaidExtension) => said.pbx),
  column('number', 'text', (said: SaidExtension) => said.number),
  column('name', 'text', ({ extension }: SaidExtension) => extension.name?.fact),
  column('name_version', 'bigint', ({ extension }: SaidExtension) => extension.name?.at),
  column('word_as_of', 'bigint', ({ extension }: SaidExtension) => extension.lastWord.key.asOf),
  column('word_said', 'bigint', ({ extension }: SaidExtension) => extension.lastWord.key.said),
  column('word_rank', 'smallint', ({ extension }: SaidExtension) => extension.lastWord.key.rank),
  column('word_status', 'text', ({ extension }: SaidExtension) => extension.lastWord.status),
  column('word_at', 'instant', ({ extension }: SaidExtension) => extension.lastWord.at),
  column('status', 'text', ({ shown }: SaidExtension) => shown.status),
  column('last_seen_at', 'instant', ({ shown }: SaidExtension) => shown.lastSeenAt),
];

/** What screens are told of a phone. */
export const shownExtensionColumns = `pbx_id as pbx, number as extension, name, status,
  last_seen_at as "lastSeenAt", revision`;

/** `mergeExtension` of packages/domain, for a whole batch. */
const statement = mergeStatement({
  table: 'extension',
  key: 'pbx_id, number',
  columns,
  assignments: [
    ...take(toldLast('name_version'), ['name', 'name_version']),
    ...take(wordWins, [
      'word_as_of',
      'word_said',
      'word_rank',
      'word_status',
      'word_at',
      'status',
      'last_seen_at',
    ]),
  ],
  learns: [wordWins, toldLast('name_version')],
  shown: shownExtensionColumns,
});

/** Extensions must be sorted by PBX and number, each at most once. */
export async function writeExtensions(
  transaction: Transaction,
  extensions: readonly SaidExtension[],
): Promise<Changes[]> {
  if (extensions.length === 0) return [];
  const rows = await transaction.query<ChangesRow>(statement, parametersOf(columns, extensions));
  return rows.map(changesOf);
}
