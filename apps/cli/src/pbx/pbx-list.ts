import { listPbxs, type ListedPbx } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { ago } from '../output/ago.ts';
import { table } from '../output/table.ts';

export async function runPbxList(bench: Bench, { json = false, all = false }): Promise<void> {
  const database = await bench.database();
  const pbxs = await database.transaction((transaction) => listPbxs(transaction, { removedToo: all }));
  const { terminal } = bench;
  if (json) return terminal.out(JSON.stringify(pbxs, null, 2));
  if (pbxs.length === 0) return terminal.out('There are no PBXs yet. Add one: trunkline pbx add --help');
  const now = bench.now();
  terminal.out(
    table(
      ['name', 'vendor', 'address', 'state', 'since', 'held by', 'reason'],
      pbxs.map((pbx) => rowOf(pbx, now)),
    ),
  );
}

function rowOf({ name, vendor, address, link, ...pbx }: ListedPbx, now: Date) {
  return {
    name,
    vendor,
    address: address ?? '-',
    state: pbx.removed ? 'removed' : pbx.enabled ? link.state : 'switched off',
    since: ago(link.since, now),
    'held by': link.heldBy ?? '-',
    reason: link.alarm ?? link.reason ?? '',
  };
}
