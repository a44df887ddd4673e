import { findCalls, readCall, type CallCleanup, type CallDetail, type TrailEntry } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption, ScopeOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { span } from '../output/ago.ts';
import { showJson } from '../output/show-page.ts';
import { facts, table } from '../output/table.ts';
import { heading } from '../output/terminal.ts';
import { when, whenAndAgo } from '../output/when.ts';

export async function runCallsShow(
  bench: Bench,
  call: string,
  options: JsonOption & ScopeOptions,
): Promise<void> {
  const database = await bench.database();
  const detail = await database.transaction(async (transaction) => {
    const scope = await resolveScope(transaction, options);
    const [found, second] = await findCalls(transaction, call, scope);
    if (found === undefined)
      throw new Failure(`There is no call "${call}". "trunkline calls list" shows calls and their names.`);
    if (second !== undefined)
      throw new Failure(
        `Several PBXs have a call "${call}", such as ${found.pbxName}. Say which one with --pbx.`,
      );
    return await readCall(transaction, found);
  });
  if (detail === null) throw new Failure(`The call "${call}" is gone.`);
  if (options.json === true) return showJson(bench.terminal, detail);
  bench.terminal.out(describe(bench, detail));
}

function describe(bench: Bench, detail: CallDetail): string {
  const { terminal } = bench;
  const { trail, moreTrail, cleanups, recordings } = detail;
  const parts = [
    facts(factsOf(detail, bench.now())),
    `${heading(terminal, 'What was said of it')}\n${trailOf(trail)}${moreTrail ? '\nThere is more than is shown.' : ''}`,
  ];
  if (cleanups.length > 0)
    parts.push(`${heading(terminal, 'What cleanups did with it')}\n${cleanupsOf(cleanups)}`);
  if (recordings.length > 0) {
    const rows = recordings.map(({ recording, readyAt, durationSeconds: seconds }) => ({
      'ready (UTC)': when(readyAt),
      recording,
      lasts: seconds === null ? '-' : span(seconds * 1_000),
    }));
    parts.push(`${heading(terminal, 'Recordings')}\n${table(['ready (UTC)', 'recording', 'lasts'], rows)}`);
  }
  return parts.join('\n\n');
}

type Fact = readonly [name: string, value: string];

function factsOf(call: CallDetail, now: Date): Fact[] {
  const maybe = (name: string, value: string | null): Fact[] => (value === null ? [] : [[name, value]]);
  const at = (date: Date | null): string | null => date && whenAndAgo(date, now);
  const party = (number: string | null, name: string | null): string | null =>
    number === null ? null : name === null ? number : `${number} (${name})`;
  return [
    ['call', call.call],
    ['pbx', `${call.pbxName} (${call.pbx})`],
    ['state', call.status],
    ...maybe('cause', call.cause),
    ...maybe('direction', call.direction),
    ...maybe('from', party(call.callerNumber, call.callerName)),
    ...maybe('to', party(call.calleeNumber, call.calleeName)),
    ...maybe('phones', call.extensions.join(' ') || null),
    ...maybe('trunk', call.trunk),
    ...maybe('number dialled', call.did),
    ['started', whenAndAgo(call.startedAt, now)],
    ...maybe(
      'answered',
      at(call.answeredAt)?.concat(call.answeredApproximate ? ', or some time before' : '') ?? null,
    ),
    ...maybe('ended', at(call.endedAt)),
    ...maybe('talked', call.talkSeconds === null ? null : span(call.talkSeconds * 1_000)),
    ...maybe('verified', at(call.verifiedAt)),
  ];
}

const trailOf = (trail: readonly TrailEntry[]): string =>
  trail.length === 0
    ? 'Nothing is kept of that.'
    : table(
        ['at (UTC)', 'version', 'what', 'details'],
        trail.map(({ at, version, type, payload }) => ({
          'at (UTC)': when(at),
          version,
          what: type,
          details: detailsOf(payload),
        })),
      );

/** What stands in the columns beside it, or is the call itself. */
const told = new Set(['call', 'at']);

function detailsOf(payload: unknown): string {
  if (payload === null || typeof payload !== 'object') return JSON.stringify(payload);
  const rest = Object.entries(payload).filter(([name]) => !told.has(name));
  return rest
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

const cleanupsOf = (cleanups: readonly CallCleanup[]): string =>
  table(
    ['at (UTC)', 'kind', 'outcome', 'why', 'run'],
    cleanups.map(({ happenedAt, startedAt, kind, outcome, why, id }) => ({
      'at (UTC)': when(happenedAt ?? startedAt),
      kind,
      outcome,
      why: why ?? '-',
      run: id,
    })),
  );
