import type { SweepReport, SweptCall } from '@trunkline/stuck-calls';
import { span } from '../output/ago.ts';
import { table } from '../output/table.ts';

type Named = ReadonlyMap<string, string>;

/** What a sweep found and did, a line each; nothing where it found nothing. */
export function sweptTable({ calls, callsOmitted }: SweepReport, pbxNames: Named): string[] {
  if (calls.length === 0) return [];
  const rows = calls.map((call) => lineOf(call, pbxNames));
  const lines = table(['pbx', 'call', 'state', 'phones', 'for', 'pbx says', 'outcome', 'remark'], rows);
  return [callsOmitted > 0 ? `${lines}\nand ${callsOmitted} more` : lines];
}

const lineOf = (call: SweptCall, pbxNames: Named) => ({
  pbx: pbxNames.get(call.pbx) ?? call.pbx,
  call: call.call,
  state: call.was,
  phones: call.extensions.join(' ') || '-',
  for: span(call.seenAt - (call.answeredAt ?? call.startedAt)),
  'pbx says': call.liveness ?? 'not asked',
  outcome: outcomes[call.outcome],
  remark: call.detail ?? '',
});

const outcomes: Readonly<Record<SweptCall['outcome'], string>> = {
  would_end: 'would be ended',
  ended: 'ended',
  alive: 'kept, alive',
  unknown: 'kept, unknown',
  failed: 'failed',
  overtaken: 'kept, it spoke meanwhile',
  reopened: 'open again, it spoke',
};

/** The same in one sentence. */
export function summaryOf({ counts, dryRun, verify, more }: SweepReport): string {
  if (counts.found === 0 && counts.reopened === 0) return 'No stuck calls were found.';
  const parts = [
    dryRun
      ? `${counts.would_end} of ${counts.found} would be ended`
      : `${counts.ended} of ${counts.found} were ended`,
    ...(counts.alive > 0 ? [`${counts.alive} are alive`] : []),
    ...(counts.unknown > 0 ? [`of ${counts.unknown} the PBX could not be asked yet`] : []),
    ...(counts.overtaken > 0 ? [`${counts.overtaken} spoke meanwhile`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.reopened > 0 ? [`${counts.reopened} that were ended earlier spoke again`] : []),
  ];
  const asked = verify ? '' : ' The PBXs were not asked.';
  const changed = dryRun ? ' Nothing was changed.' : '';
  return `${parts.join(', ')}.${asked}${changed}${more ? ' There are more; run it again.' : ''}`;
}
