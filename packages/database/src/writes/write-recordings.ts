import type { PbxId, Recording, RecordingKey, TenantId } from '@trunkline/domain';
import { column, parametersOf, type Column } from '../columns.ts';
import type { Transaction } from '../transaction.ts';
import { changesOf, type Changes, type ChangesRow } from './changes.ts';
import { mergeStatement, take, toldFirst } from './merge-statement.ts';

export interface SaidRecording {
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  readonly key: RecordingKey;
  readonly recording: Recording;
}

const columns: readonly Column<SaidRecording>[] = [
  column('tenant_id', 'uuid', (said: SaidRecording) => said.tenant),
  column('pbx_id', 'uuid', (said: SaidRecording) => said.pbx),
  column('recording_key', 'text', (said: SaidRecording) => said.key),
  column('ready_at', 'instant', ({ recording }: SaidRecording) => recording.readyAt.fact),
  column('ready_version', 'bigint', ({ recording }: SaidRecording) => recording.readyAt.at),
  column('call_key', 'text', ({ recording }: SaidRecording) => recording.call?.fact),
  column('call_version', 'bigint', ({ recording }: SaidRecording) => recording.call?.at),
  column('duration_seconds', 'integer', ({ recording }: SaidRecording) => recording.durationSeconds?.fact),
  column('duration_version', 'bigint', ({ recording }: SaidRecording) => recording.durationSeconds?.at),
];

/** A recording as screens get it, whoever changed it. */
export const shownRecordingColumns = `pbx_id as pbx, recording_key as recording, call_key as call, ready_at as "readyAt",
    duration_seconds as "durationSeconds", id, status, bytes, problem, revision`;

/** `mergeRecording` of packages/domain, for a whole batch: [REC1] each fact by the lowest version that tells it. */
const statement = mergeStatement({
  table: 'recording',
  key: 'pbx_id, recording_key',
  columns,
  assignments: [
    ...take(toldFirst('ready_version'), ['ready_at', 'ready_version']),
    ...take(toldFirst('call_version'), ['call_key', 'call_version']),
    ...take(toldFirst('duration_version'), ['duration_seconds', 'duration_version']),
  ],
  learns: ['ready_version', 'call_version', 'duration_version'].map(toldFirst),
  shown: shownRecordingColumns,
});

/** Recordings must be sorted by PBX and key, each at most once. */
export async function writeRecordings(
  transaction: Transaction,
  recordings: readonly SaidRecording[],
): Promise<Changes[]> {
  if (recordings.length === 0) return [];
  const rows = await transaction.query<ChangesRow>(statement, parametersOf(columns, recordings));
  return rows.map(changesOf);
}
