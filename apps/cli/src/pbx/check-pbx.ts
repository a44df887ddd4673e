import {
  block,
  blockedForMs,
  clearCredentialFailures,
  countCredentialFailure,
  credentialFailures,
  type Database,
} from '@trunkline/database';
import type { PbxId } from '@trunkline/domain';
import { credentialMark, LinkError, type PbxTarget } from '@trunkline/pbx';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import { span } from '../output/ago.ts';

/** What a PBX showed of itself when it was first asked. */
export interface Checked {
  readonly product: string | null;
  readonly warnings: readonly string[];
  readonly calls: number;
  readonly phones: number | null;
}

/** Below the five after which PBXs block an address. */
const failuresMax = 3;
const blockMs = 11 * 60_000;

/**
 * Logs in, looks and leaves. A login that fails counts against the same budget as those of the connectors, and a block is
 * heeded and noted where they see it.
 */
export async function checkPbx(
  bench: Bench,
  pbx: PbxId,
  target: PbxTarget,
  credentialName: string,
): Promise<Checked> {
  const database = await bench.database();
  const mark = await credentialMark(credentialName, target.credential);
  await refuseWhereFutile(bench, database, pbx, mark);
  try {
    const seen = await look(bench, target);
    await database.transaction((transaction) => clearCredentialFailures(transaction, pbx));
    return seen;
  } catch (error) {
    if (error instanceof LinkError) throw await explain(bench, database, { pbx, mark, error });
    throw error;
  }
}

async function refuseWhereFutile(bench: Bench, database: Database, pbx: PbxId, mark: string): Promise<void> {
  const { egress } = bench.settings.pbx;
  const [blocked, failures] = await database.transaction(
    async (transaction) =>
      [
        await blockedForMs(transaction, pbx, egress),
        await credentialFailures(transaction, pbx, mark),
      ] as const,
  );
  if (blocked !== null) {
    throw new Failure(
      `It blocks our address for another ${span(blocked)}, so no login was tried: an attempt may prolong the block.`,
    );
  }
  if (failures >= failuresMax) {
    throw new Failure(
      `It refused this credential ${failures} times in a row, so no login was tried: PBXs block an address after 5. ` +
        'Correct the credential, or say "trunkline pbx retry" when it was set right on the PBX.',
    );
  }
}

async function look(bench: Bench, target: PbxTarget): Promise<Checked> {
  const signal = AbortSignal.timeout(bench.settings.pbx.checkWithinMs);
  await using connection = await bench.adapters[target.vendor].connect(target, {
    signal,
    logger: bench.logger,
    now: Date.now,
    timing: {
      dialMs: 5_000,
      answerMs: 10_000,
      heartbeatEveryMs: 30_000,
      heartbeatAnswerMs: 15_000,
      snapshotMs: bench.settings.pbx.checkWithinMs,
    },
    onPhase: () => undefined,
    session: {
      read: () => Promise.resolve(null),
      write: () => Promise.resolve(),
      clear: () => Promise.resolve(),
    },
  });
  const { calls, extensions } = await connection.snapshot(signal);
  const { product, warnings } = connection.identity;
  return { product, warnings, calls: calls.length, phones: extensions?.length ?? null };
}

async function explain(
  bench: Bench,
  database: Database,
  { pbx, mark, error }: { readonly pbx: PbxId; readonly mark: string; readonly error: LinkError },
): Promise<Failure> {
  const { fault } = error;
  const failure = (more = ''): Failure => new Failure(`${error.message}${more}`, { cause: error });
  if (fault.kind === 'credentials') {
    const failures = await database.transaction((transaction) =>
      countCredentialFailure(transaction, pbx, mark),
    );
    return failure(
      ` That was refusal ${failures} of the ${failuresMax} in a row that are risked; PBXs block an address after 5.`,
    );
  }
  if (fault.kind === 'blocked') {
    const forMs = Math.max(blockMs, (fault.until ?? 0) - Date.now());
    const { egress } = bench.settings.pbx;
    await database.transaction((transaction) =>
      block(transaction, { pbx, egress, forMs, reason: 'found by a check' }),
    );
    return failure(` Nobody tries again for ${span(forMs)}.`);
  }
  if (fault.kind === 'certificate' && fault.fingerprint !== null)
    return failure(` If that is its certificate, say --trust sha256:${fault.fingerprint}`);
  return failure();
}
