import { listRecordings, type ListedRecording, type RecordingStatus } from '@trunkline/recordings';
import type { Bench } from '../bench.ts';
import type { PageOptions, ScopeOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showPage } from '../output/show-page.ts';
import { when } from '../output/when.ts';

export interface RecordingsListOptions extends PageOptions, ScopeOptions {
  readonly call?: string;
  readonly status?: RecordingStatus;
}

export async function runRecordingsList(bench: Bench, options: RecordingsListOptions): Promise<void> {
  const { call, status, limit, after } = options;
  const database = await bench.database();
  const page = await database.transaction(async (transaction) => {
    const scope = await resolveScope(transaction, options);
    return listRecordings(transaction, { ...scope, call, status }, { limit, after });
  });
  showPage(bench.terminal, page, options, {
    columns: ['recording', 'ready (UTC)', 'pbx', 'call', 'length', 'state', 'size'],
    rowOf,
    nothing: 'There are no such recordings.',
  });
}

const rowOf = ({ id, readyAt, pbxName, call, durationSeconds, status, bytes }: ListedRecording) => ({
  recording: id,
  'ready (UTC)': when(readyAt),
  pbx: pbxName,
  call: call ?? '-',
  length: durationSeconds === null ? '-' : `${durationSeconds} s`,
  state: status,
  size: sizeOf(bytes),
});

export const sizeOf = (bytes: number | null): string =>
  bytes === null ? '-' : `${Math.ceil(bytes / 1024)} KiB`;
