import { listPbxs, wantSnapshot, type Database } from '@trunkline/database';
import { pbxId } from '@trunkline/domain';
import { sleep } from '@trunkline/service-kit';
import type { ServiceFleet } from '../service-fleet.ts';
import type { Office } from './office.ts';

/** The longest wait of any policy in the storm, and some: after it every link must be live again. */
const LIVE_WITHIN_MS = 60_000;
const SNAPSHOTS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 150;

/** Waits until each link is live and somebody holds it. Returns how long it took. */
export async function untilLive(
  database: Database,
  offices: readonly Office[],
  when: string,
  fleet: ServiceFleet,
  withinMs = LIVE_WITHIN_MS,
): Promise<number> {
  const since = performance.now();
  for (;;) {
    // A connection may have died with a database that has come back meanwhile.
    const pbxs = await database.transaction((transaction) => listPbxs(transaction)).catch(() => []);
    const down = pbxs.filter(({ link }) => link.state !== 'live' || link.heldBy === null);
    if (down.length === 0 && pbxs.length === offices.length) return Math.round(performance.now() - since);
    if (performance.now() - since > withinMs) {
      const lines = down.map(
        ({ id, name, vendor, link }) => `${name} (${vendor}, ${id}) is ${link.state}: ${link.reason}`,
      );
      throw new Error(
        `${when}, not live within ${withinMs} ms:\n${lines.join('\n')}\n${fleet.log.slice(-60).join('\n')}`,
      );
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** A list of each PBX that was asked for after the last call ended. */
export async function snapshotAll(
  database: Database,
  offices: readonly Office[],
  withinMs = SNAPSHOTS_WITHIN_MS,
): Promise<void> {
  const ids = offices.map(({ pbx }) => pbxId(pbx));
  const times = async () =>
    new Map(
      (await database.transaction((transaction) => listPbxs(transaction))).map(
        ({ id, link }) => [id as string, link.snapshotAt?.getTime() ?? 0] as const,
      ),
    );
  const before = await times();
  await database.transaction((transaction) => wantSnapshot(transaction, ids, 'the storm is over'));
  const deadline = performance.now() + withinMs;
  for (;;) {
    const now = await times();
    if (ids.every((id) => (now.get(id) ?? 0) > (before.get(id) ?? 0))) return;
    if (performance.now() > deadline) throw new Error('not every PBX gave a snapshot after the storm');
    await sleep(LOOK_EVERY_MS);
  }
}
