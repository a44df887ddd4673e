import { setTimeout as sleep } from 'node:timers/promises';
import type { ContactImport } from '@trunkline/contacts';
import type { ImportLab } from './import-lab.ts';
import { differencesAfter, madeFile } from './made-file.ts';
import { startReplicaProcess } from './start-replica-process.ts';

export interface KillStorm {
  readonly rows: number;
  readonly kills: number;
  readonly chunkRows: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** A worker lives for up to so long after it has begun with a chunk. */
  readonly livesMsMax: number;
  readonly say?: (line: string, kills: number) => void;
}

export interface StormEnd {
  readonly ended: ContactImport;
  readonly kills: number;
  readonly differences: readonly string[];
}

/**
 * Imports a file while the worker that is at it is killed at random moments; each next one goes on. A kill counts once its worker has moved
 * the import, or has lived as long as it may, so that kills meet reading, merging and committing alike.
 */
export async function killWorkers(lab: ImportLab, storm: KillStorm): Promise<StormEnd> {
  const { rows, chunkRows, random, livesMsMax, say } = storm;
  const id = await lab.begin(madeFile(rows));
  let kills = 0;
  while (kills < storm.kills && (await lab.read(id)).finishedAt === null) {
    await using replica = await startReplicaProcess({ ...lab.task, chunkRows });
    const before = (await lab.read(id)).rowsDone;
    await moved(lab, id, before);
    await sleep(random() * livesMsMax);
    await replica.kill();
    kills += 1;
    const { rowsDone } = await lab.read(id);
    say?.(`killed ${kills} of ${storm.kills}, at row ${rowsDone} of ${rows}`, kills);
  }
  await using _last = await startReplicaProcess({ ...lab.task, chunkRows });
  const ended = await lab.until(id, ({ finishedAt }) => finishedAt !== null);
  return { ended, kills, differences: await differencesAfter(lab.database, id, rows) };
}

/** The next worker begins once the lock of the dead one is over, or its session has ended. */
const moved = (lab: ImportLab, id: string, before: number): Promise<unknown> =>
  lab.until(id, ({ rowsDone, finishedAt }) => rowsDone > before || finishedAt !== null);
