import { retryLink } from '@trunkline/operations';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import { ago } from '../output/ago.ts';
import { findPbx } from './find-pbx.ts';

/** Tries now. A block of the PBX stands, unless the operator says that it was lifted there. */
export async function runPbxRetry(bench: Bench, called: string, { unblocked = false }): Promise<void> {
  const database = await bench.database();
  const pbx = await database.transaction(async (transaction) => {
    const found = await findPbx(transaction, called);
    const retried = await retryLink(transaction, found, { unblocked });
    if (retried.outcome === 'blocked') {
      const { block } = retried;
      throw new Failure(
        `${found.name} blocks our address (${block.egress}), which ends ${ago(new Date(block.until), bench.now())}. A login ` +
          'before then may prolong it. If you released the address on the PBX, add --unblocked.',
      );
    }
    return found;
  });
  const waiting =
    pbx.link.heldBy === null ? ' No connector holds it now, so it happens when one takes it up.' : '';
  bench.terminal.out(`${pbx.name} is tried again now, with a new budget of logins.${waiting}`);
}
