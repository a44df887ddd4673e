import { readCallStats, type CallStats } from '@trunkline/database';
import { callStatuses } from '@trunkline/domain';
import type { Bench } from '../bench.ts';
import type { JsonOption, ScopeOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { span } from '../output/ago.ts';
import { showJson } from '../output/show-page.ts';
import { facts, table } from '../output/table.ts';
import { alarmed, heading } from '../output/terminal.ts';
import { limitsAfter } from '@trunkline/stuck-calls';

export interface CallsStatsOptions extends JsonOption, ScopeOptions {
  readonly since: number;
  readonly timeout?: number;
}

export async function runCallsStats(bench: Bench, options: CallsStatsOptions): Promise<void> {
  const limits = limitsAfter(options.timeout, bench.settings.stuckCalls);
  const database = await bench.database();
  const stats = await database.transaction(async (transaction) => {
    const scope = await resolveScope(transaction, options);
    return await readCallStats(transaction, { ...scope, sinceMs: options.since, limits });
  });
  if (options.json === true) return showJson(bench.terminal, stats);
  bench.terminal.out(describe(bench, stats, options.since));
}

function describe({ terminal }: Bench, stats: CallStats, sinceMs: number): string {
  const title = (text: string): string => heading(terminal, text);
  const open = callStatuses.filter((status) => status !== 'ended');
  const count = (counts: Readonly<Record<string, number>>, name: string) =>
    [name, String(counts[name] ?? 0)] as const;
  const causes = Object.keys(stats.byCause);
  const parts = [
    `${title('Open calls')}\n${facts(open.map((status) => count(stats.byStatus, status)))}`,
    `${title(`Ended, of those that began in the last ${span(sinceMs)}`)}\n${
      causes.length === 0 ? 'none' : facts(causes.map((cause) => count(stats.byCause, cause)))
    }`,
    `${title('Stuck calls')}\n${stuckOf(terminal, stats)}`,
  ];
  if (stats.doubleBooked.length > 0) {
    const rows = stats.doubleBooked.map(({ pbx, number, calls }) => ({
      phone: number,
      pbx,
      calls: calls.join(' '),
    }));
    parts.push(`${title('Phones in more than one open call')}\n${table(['phone', 'pbx', 'calls'], rows)}`);
  }
  return [...parts, hintOf(stats)].join('\n\n');
}

function stuckOf(terminal: Bench['terminal'], { stuck, stuckTotal }: CallStats): string {
  if (stuckTotal === 0) return 'none';
  const rows = stuck.map((call) => ({
    pbx: call.pbxName,
    call: call.call,
    state: call.status,
    phones: call.extensions.join(' ') || '-',
    for: span(call.ageMs),
    why: call.why === 'answered_too_long' ? 'answered, never ended' : 'never answered, never ended',
  }));
  const omitted = stuckTotal - stuck.length;
  return [
    alarmed(terminal, `${stuckTotal} of them:`),
    table(['pbx', 'call', 'state', 'phones', 'for', 'why'], rows),
    ...(omitted > 0 ? [`and ${omitted} more: trunkline calls list --stuck`] : []),
  ].join('\n');
}

const hintOf = ({ stuckTotal }: CallStats): string =>
  stuckTotal === 0
    ? 'All is well. A sweep looks by itself at regular times: trunkline schedule list'
    : [
        'See what would be ended, after asking the PBXs:  trunkline calls cleanup --dry-run',
        'End what they do not know any more:              trunkline calls cleanup',
      ].join('\n');
