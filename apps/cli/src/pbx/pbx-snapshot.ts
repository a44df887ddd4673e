import { CommandError } from '@trunkline/pbx-commands';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import { findPbx } from './find-pbx.ts';

const SNAPSHOT_WITHIN_MS = 60_000;

export async function runPbxSnapshot(bench: Bench, called: string): Promise<void> {
  const database = await bench.database();
  const { id, name, link } = await database.transaction((transaction) => findPbx(transaction, called));
  if (link.heldBy === null)
    throw new Failure(
      `No snapshot of ${name}: nobody holds its link. Does a connector run, and is it enabled?`,
    );
  try {
    const { calls, extensions } = await bench
      .commands()
      .send(id, { kind: 'snapshot' }, { deadlineMs: SNAPSHOT_WITHIN_MS });
    const phones = extensions === null ? 'it can not list its phones' : `${extensions} phones`;
    bench.terminal.out(`${name}: snapshot taken and published, ${calls} calls, ${phones}.`);
  } catch (error) {
    if (error instanceof CommandError)
      throw new Failure(`No snapshot of ${name}: ${error.message}`, { cause: error });
    throw error;
  }
}
