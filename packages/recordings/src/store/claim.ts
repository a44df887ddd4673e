import { randomUUID } from 'node:crypto';
import type { Transaction } from '@trunkline/database';
import type { PbxId, TenantId } from '@trunkline/domain';
import { fileKeyOf } from '../file-key.ts';
import type { RecordingJob } from '../recording-queue.ts';

/** A recording that somebody fetches, with the token by which what came of it is settled. */
export interface ClaimedRecording {
  readonly id: string;
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  /** The PBX's own name for it. */
  readonly recording: string;
  /** This one included. */
  readonly attempts: number;
  readonly claim: string;
}

export type Claim =
  | { readonly kind: 'go'; readonly claimed: ClaimedRecording }
  /** Another one of this PBX is fetched: each gives out one at a time. */
  | { readonly kind: 'busy' }
  /** It was stored, given up or deleted, or its time has not come; whoever looks for due ones finds it then. */
  | { readonly kind: 'over' };

/**
 * Makes this process the one that fetches a recording, for so long. Claims of one PBX take turns at a lock, so that never
 * two are given out; a lock that somebody holds is as good as a claim.
 */
export async function claimRecording(
  transaction: Transaction,
  { recording }: Pick<RecordingJob, 'recording'>,
  leaseMs: number,
): Promise<Claim> {
  const [found] = await transaction.query<{
    readonly pbx: PbxId;
    readonly tenant: TenantId;
    readonly locked: boolean;
  }>(
    `select pbx_id as pbx, tenant_id as tenant, pg_try_advisory_xact_lock(hashtextextended('recordings of ' || pbx_id, 0)) as locked
     from recording where id = $1 and status = 'pending' and due_at <= clock_timestamp()`,
    [recording],
  );
  if (found === undefined) return { kind: 'over' };
  if (!found.locked) return { kind: 'busy' };
  const [taken] = await transaction.query(
    'select from recording where pbx_id = $1 and claim is not null and claimed_until > clock_timestamp() limit 1',
    [found.pbx],
  );
  if (taken !== undefined) return { kind: 'busy' };
  const [claimed] = await transaction.query<ClaimedRecording>(
    `update recording set claim = $2, claimed_until = clock_timestamp() + $3::float8 * interval '1 millisecond',
       attempts = attempts + 1, file_key = $4
     where id = $1 and status = 'pending' and due_at <= clock_timestamp()
     returning id, tenant_id as tenant, pbx_id as pbx, recording_key as recording, attempts, claim`,
    [recording, randomUUID(), leaseMs, fileKeyOf(found.tenant, recording)],
  );
  return claimed === undefined ? { kind: 'over' } : { kind: 'go', claimed };
}

/** Looked at in one turn; the others come with the next ones. */
const dueMax = 500;

/**
 * What should be fetched now: told of lately, to be tried again, or left behind by somebody who died. The oldest come
 * first, and of each PBX only the first few, so that one with thousands holds up no other.
 */
export async function dueRecordings(transaction: Transaction): Promise<RecordingJob[]> {
  return transaction.query<RecordingJob>(
    `select id as recording, attempts as round from (
       select id, attempts, due_at, row_number() over (partition by pbx_id order by due_at, id) as place
       from (
         select * from recording r where status = 'pending' and due_at <= clock_timestamp()
           and (claim is null or claimed_until <= clock_timestamp())
         order by due_at limit 5000
       ) due
     ) placed
     where place <= 20 order by place, due_at limit ${dueMax}`,
  );
}

/** Whoever fetches says that it still does. False: somebody else has it by now, so it should be left alone. */
export async function renewClaim(
  transaction: Transaction,
  { id, claim }: ClaimedRecording,
  leaseMs: number,
): Promise<boolean> {
  const rows = await transaction.query(
    `update recording set claimed_until = clock_timestamp() + $3::float8 * interval '1 millisecond'
     where id = $1 and claim = $2 and status = 'pending' returning id`,
    [id, claim, leaseMs],
  );
  return rows.length > 0;
}
