import {
  limitOf,
  pageOf,
  readCursor,
  timeShape,
  uuidShape,
  type Page,
  type PageRequest,
  type Transaction,
} from '@trunkline/database';
import type { PbxId, TenantId } from '@trunkline/domain';

export const recordingStatuses = ['pending', 'stored', 'failed', 'deleted'] as const;
export type RecordingStatus = (typeof recordingStatuses)[number];

/** A recording and how its sound stands. */
export interface ListedRecording {
  readonly id: string;
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  readonly pbxName: string;
  /** The PBX's own name for it. */
  readonly recording: string;
  readonly call: string | null;
  readonly readyAt: Date;
  readonly durationSeconds: number | null;
  readonly status: RecordingStatus;
  readonly attempts: number;
  readonly problem: string | null;
  readonly contentType: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly storedAt: Date | null;
  readonly deletedAt: Date | null;
  readonly revision: number;
}

export interface RecordingFilter {
  readonly tenant?: TenantId | undefined;
  readonly pbx?: PbxId | undefined;
  readonly call?: string | undefined;
  readonly status?: RecordingStatus | undefined;
}

type Row = Omit<ListedRecording, 'readyAt' | 'storedAt' | 'deletedAt' | 'bytes'> & {
  readonly readyAt: string;
  readonly bytes: string | null;
  readonly storedAt: string | null;
  readonly deletedAt: string | null;
};

const columns = `r.id, r.tenant_id as tenant, r.pbx_id as pbx, p.name as "pbxName", r.recording_key as recording,
  r.call_key as call, (r.ready_at at time zone 'UTC')::text || '+00' as "readyAt", r.duration_seconds as "durationSeconds", r.status, r.attempts,
  r.problem, r.content_type as "contentType", r.bytes::text as bytes, r.sha256, r.stored_at as "storedAt", r.deleted_at as "deletedAt",
  r.revision`;

const time = (text: string | null): Date | null => (text === null ? null : new Date(text));

const recordingOf = (row: Row): ListedRecording => ({
  ...row,
  readyAt: new Date(row.readyAt),
  bytes: row.bytes === null ? null : Number(row.bytes),
  storedAt: time(row.storedAt),
  deletedAt: time(row.deletedAt),
});

/** A page of recordings, those that became ready last first. */
export async function listRecordings(
  transaction: Transaction,
  { tenant, pbx, call, status }: RecordingFilter = {},
  request: PageRequest = {},
): Promise<Page<ListedRecording>> {
  const limit = limitOf(request);
  const [readyAt = null, id = null] =
    request.after === undefined ? [] : readCursor(request.after, [timeShape, uuidShape]);
  const rows = await transaction.query<Row>(
    `select ${columns} from recording r join pbx p on p.id = r.pbx_id
     where ($1::uuid is null or r.tenant_id = $1) and ($2::uuid is null or r.pbx_id = $2)
       and ($3::text is null or r.call_key = $3) and ($4::text is null or r.status = $4)
       and ($5::timestamptz is null or (r.ready_at, r.id) < ($5, $6::uuid))
     order by r.ready_at desc, r.id desc limit $7`,
    [tenant ?? null, pbx ?? null, call ?? null, status ?? null, readyAt, id, limit + 1],
  );
  return pageOf(rows, limit, recordingOf, (row) => [row.readyAt, row.id]);
}

/** null where there is none, or none of this tenant. */
export async function readRecording(
  transaction: Transaction,
  id: string,
  tenant?: TenantId,
): Promise<ListedRecording | null> {
  const [row] = await transaction.query<Row>(
    `select ${columns} from recording r join pbx p on p.id = r.pbx_id
     where r.id = $1 and ($2::uuid is null or r.tenant_id = $2)`,
    [id, tenant ?? null],
  );
  return row === undefined ? null : recordingOf(row);
}
