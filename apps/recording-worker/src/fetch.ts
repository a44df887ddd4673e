import { Readable } from 'node:stream';
import { readPbxConfig } from '@trunkline/database';
import { CredentialError, LinkError, RefusalError, TargetError, type OpenedRecording } from '@trunkline/pbx';
import {
  BadSoundError,
  checkSound,
  claimRecording,
  fileKeyOf,
  nextStep,
  renewClaim,
  settleFailure,
  settleStored,
  type ClaimedRecording,
  type FetchOutcome,
  type RecordingJob,
  type Settled,
} from '@trunkline/recordings';
import { StorageError, type StoredFile } from '@trunkline/storage';
import type { WorkerHost } from './worker-host.ts';

/** What becomes of the job. */
export type JobOutcome = 'over' | 'busy';

type Unstored = Exclude<FetchOutcome, { kind: 'stored' }>;
type Fetched = { readonly kind: 'stored'; readonly file: StoredFile; readonly type: string } | Unstored;

/**
 * One attempt: claimed in one transaction, made, and settled in another one. In between only the lease is held, so whoever dies
 * there leaves a recording that is fetched again, into the same place.
 */
export async function fetchRecording(
  host: WorkerHost,
  job: RecordingJob,
  stop: AbortSignal,
): Promise<JobOutcome> {
  const claim = await host.database.run((transaction) => claimRecording(transaction, job, host.leaseMs));
  if (claim.kind !== 'go') return claim.kind;
  const { claimed } = claim;
  const startedAt = performance.now();
  const fetched = await whileClaimed(host, claimed, stop, (signal) => fetchSound(host, claimed, signal));
  await settle(host, claimed, fetched, (performance.now() - startedAt) / 1_000);
  return 'over';
}

async function settle(
  host: WorkerHost,
  claimed: ClaimedRecording,
  fetched: Fetched,
  seconds: number,
): Promise<void> {
  const { database, retry, events } = host;
  if (fetched.kind === 'stored') {
    const { file, type } = fetched;
    const settled = await database.run((transaction) => settleStored(transaction, claimed, file, type));
    if (settled === null) await removeIfDeleted(host, claimed, file.key);
    else events.fetched(claimed, { outcome: fetched, seconds, bytes: file.bytes, step: null });
    await passOn(host, claimed, settled);
    return;
  }
  const step = nextStep(fetched, { attempts: claimed.attempts, random: Math.random(), tuning: retry });
  const settled = await database.run((transaction) =>
    settleFailure(transaction, claimed, fetched.problem, step),
  );
  if (settled !== null) events.fetched(claimed, { outcome: fetched, seconds, bytes: 0, step });
  await passOn(host, claimed, settled);
}

/** What was committed is passed on; where that fails somebody finds it later, so nothing is done again for it. */
async function passOn({ relay, events, logger }: WorkerHost, claimed: ClaimedRecording, settled: Settled) {
  if (settled === null) {
    events.overtaken(claimed);
    return;
  }
  if (settled.messages.length === 0) return;
  await relay(settled.messages).catch((error: unknown) => {
    logger.debug({ err: error }, 'what became of a recording waits to be relayed');
  });
}

/** It was deleted while it was fetched: what was stored under its key since belongs to nobody. */
async function removeIfDeleted({ database, storage }: WorkerHost, { id }: ClaimedRecording, key: string) {
  const [row] = await database.run((transaction) =>
    transaction.query(`select from recording where id = $1 and status = 'deleted'`, [id]),
  );
  if (row !== undefined) await storage.delete(key);
}

/** Renews the claim while something is done under it, and breaks that off where the claim is lost. */
async function whileClaimed<Result>(
  { database, leaseMs, fetchMs, logger }: WorkerHost,
  claimed: ClaimedRecording,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const timer = setInterval(() => {
    database
      .run((transaction) => renewClaim(transaction, claimed, leaseMs))
      .then(
        (held) => (held ? undefined : lost.abort(new Error('somebody else has it by now'))),
        (error: unknown) => logger.debug({ err: error }, 'a claim could not be renewed yet'),
      );
  }, leaseMs / 3);
  try {
    return await work(AbortSignal.any([stop, lost.signal, AbortSignal.timeout(fetchMs)]));
  } finally {
    clearInterval(timer);
  }
}

async function fetchSound(
  host: WorkerHost,
  claimed: ClaimedRecording,
  signal: AbortSignal,
): Promise<Fetched> {
  let opened: OpenedRecording;
  try {
    const pbx = await host.database.run((transaction) => readPbxConfig(transaction, claimed.pbx));
    if (pbx === null || !pbx.wanted)
      return { kind: 'later', problem: 'The PBX is switched off or was removed, so nothing is asked of it' };
    opened = await host.openSound(pbx, claimed.recording, signal);
  } catch (error) {
    signal.throwIfAborted();
    return outcomeOfError(error);
  }
  if (opened.kind !== 'sound') return opened;
  // It may break off before anybody reads it; whoever reads it is told all the same.
  opened.body.on('error', () => undefined);
  const check = checkSound(opened.bytes);
  try {
    const key = fileKeyOf(claimed.tenant, claimed.id);
    const source = Readable.from(check.pass(opened.body));
    const file = await host.storage.put(key, source, { bytesMax: host.bytesMax, signal });
    return { kind: 'stored', file, type: check.contentType };
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    opened.body.destroy();
  }
}

/** What is not the PBX's doing, such as a storage that is away, costs no attempt. */
function outcomeOfError(error: unknown): Unstored {
  const problem = error instanceof Error ? error.message : String(error);
  if (error instanceof StorageError)
    return error.problem === 'too-large' ? { kind: 'hopeless', problem } : { kind: 'later', problem };
  if (error instanceof LinkError || error instanceof TargetError || error instanceof CredentialError)
    return { kind: 'later', problem };
  if (error instanceof BadSoundError || error instanceof RefusalError) return { kind: 'broken', problem };
  return { kind: 'broken', problem: `The download broke off: ${problem}` };
}
