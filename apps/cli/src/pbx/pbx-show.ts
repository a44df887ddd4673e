import type { ListedPbx } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { ago } from '../output/ago.ts';
import { facts } from '../output/table.ts';
import { findPbx } from './find-pbx.ts';

export async function runPbxShow(bench: Bench, called: string, { json = false }): Promise<void> {
  const database = await bench.database();
  const pbx = await database.transaction((transaction) => findPbx(transaction, called));
  bench.terminal.out(json ? JSON.stringify(pbx, null, 2) : facts(factsOf(pbx, bench.now())));
}

type Fact = readonly [name: string, value: string];

function factsOf(pbx: ListedPbx, now: Date): Fact[] {
  const { link } = pbx;
  const when = (date: Date): string => `${date.toISOString()} (${ago(date, now)})`;
  const maybe = (name: string, value: string | null): Fact[] => (value === null ? [] : [[name, value]]);
  return [
    ['name', pbx.name],
    ['id', pbx.id],
    ['tenant', pbx.tenant],
    ['vendor', pbx.vendor],
    ['address', pbx.address ?? '-'],
    ['trust', pbx.trust.startsWith('-----') ? 'an authority of its own' : pbx.trust],
    ['credential', pbx.credential ?? '-'],
    ['options', JSON.stringify(pbx.options)],
    ['link', pbx.enabled ? link.state : `switched off (${link.state})`],
    ['since', when(link.since)],
    ...maybe('reason', link.reason),
    ...maybe('next attempt', link.nextAttemptAt && when(link.nextAttemptAt)),
    ...maybe('alarm', link.alarm),
    ['held by', link.heldBy ?? 'nobody'],
    ['epoch', String(link.epoch)],
    ['failures in a row', String(link.failures)],
    ['refused logins', String(link.credentialFailures)],
    ...maybe('last heard', link.heardAt && when(link.heardAt)),
    ...maybe('last snapshot', link.snapshotAt && when(link.snapshotAt)),
    ...maybe('product', link.product),
    ...link.warnings.map((warning): Fact => ['warning', warning]),
    ...link.blocks.map(({ egress, until, reason }): Fact => [
      `blocks ${egress}`,
      `until ${when(new Date(until))}: ${reason}`,
    ]),
  ];
}
