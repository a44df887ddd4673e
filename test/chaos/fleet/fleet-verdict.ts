import type { Database } from '@trunkline/database';
import type { LifecycleEvent } from '@trunkline/domain';
import type { LedgerCall } from '@trunkline/pbx-simulator';
import { ledgerDifferences, wholeCalls } from '../../support/ledger-differences.ts';
import type { Screen } from '../../support/screen.ts';
import { storedCalls } from '../../support/stored-calls.ts';
import { unheard } from '../../support/unheard.ts';
import { frozenMsMax } from '../link/link-weather.ts';
import type { Office } from '../link/office.ts';
import { sharedEpochs, type Verdict } from '../link/verdict.ts';
import type { ServiceFleet } from '../service-fleet.ts';
import { readTrails, type Trail } from './audit.ts';

export interface Judged {
  readonly database: Database;
  readonly offices: readonly Office[];
  readonly fleet: ServiceFleet;
  readonly screens: readonly Screen[];
}

/** Everything that must hold when the storm is over and all has come through. */
export async function judgeFleet({ database, offices, fleet, screens }: Judged): Promise<Verdict> {
  const trails = await readTrails(database);
  const verdicts = await Promise.all(
    offices.map((office) => judgeOffice(database, office, trails.get(office.pbx))),
  );
  const shown = await Promise.all(
    screens.map(async (screen) => {
      await screen.catchUp();
      return screen.differences();
    }),
  );
  return {
    differences: [
      ...sharedEpochs(fleet),
      ...verdicts.flatMap(({ differences }) => differences),
      ...(await leftBehind(database)),
      ...(await unaccounted(database)),
      ...shown.flat().map((difference) => `screen: ${difference}`),
    ],
    wholeCalls: verdicts.reduce((sum, { wholeCalls: count }) => sum + count, 0),
  };
}

async function judgeOffice(database: Database, office: Office, trail: Trail | undefined): Promise<Verdict> {
  const { pbx, simulator, disturbed } = office;
  if (trail === undefined) return { differences: [`nothing was heard of ${pbx}`], wholeCalls: 0 };
  // A process that wakes up hears at once what waited for it, so the last word before a loss may be as old as its sleep.
  const gaps = [
    ...unheard(trail.events).map(([from, to]) => [from - frozenMsMax, to] as const),
    ...disturbed,
  ];
  const tolerance = { gaps, clockMs: frozenMsMax };
  const ledger = simulator.control.ledger();
  const differences = [
    ...ledgerDifferences(ledger, await storedCalls(database, pbx), tolerance),
    ...endedAlive(ledger.calls, trail),
    ...leftOut(ledger.calls, trail.events),
    ...trail.repeated.map((version) => `version ${version} is in the audit trail twice`),
  ];
  return {
    differences: differences.map((difference) => `${simulator.dialect} ${pbx}: ${difference}`),
    wholeCalls: wholeCalls(ledger, tolerance),
  };
}

/** A sweep ends what its PBX calls gone. Such a call had ended before, whatever happened to it later in our tables. */
function endedAlive(calls: readonly LedgerCall[], { ended }: Trail): string[] {
  const truth = new Map(calls.map((call) => [call.key, call]));
  return ended.flatMap(({ call, at, liveness }) => {
    const real = truth.get(call);
    if (real === undefined || (real.endedAt !== null && real.endedAt <= at)) return [];
    return [`call ${call} was ended ${liveness} at ${at} while it was alive (until ${real.endedAt})`];
  });
}

/** What lasted all the while in which a snapshot may have been asked for must be in it. */
function leftOut(calls: readonly LedgerCall[], events: readonly LifecycleEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type !== 'link.snapshot') return [];
    const listed = new Set<string>(event.calls.map(({ call }) => call));
    const from = event.at - frozenMsMax;
    return calls
      .filter(
        ({ key, startedAt, endedAt }) =>
          startedAt < from && (endedAt === null || endedAt > event.at) && !listed.has(key),
      )
      .map(({ key }) => `the snapshot of ${event.at} left out call ${key}, which was alive`);
  });
}

/** Messages that nobody relays, events that nobody applied, cleanups that nobody finished. */
async function leftBehind(database: Database): Promise<string[]> {
  const rows = await database.run((transaction) =>
    transaction.query<{ what: string }>(
      `select 'outbox message ' || id || ' of ' || created_at as what from outbox
       union all select 'dead letter of ' || group_name || ': ' || coalesce(type, '') || ' ' || error from dead_letter
       union all select 'unfinished cleanup ' || kind || ' of ' || started_at from cleanup_run where finished_at is null`,
    ),
  );
  return rows.map(({ what }) => what);
}

/** Each lost link and each snapshot has one run, and no run is of anything else. */
async function unaccounted(database: Database): Promise<string[]> {
  const rows = await database.run((transaction) =>
    transaction.query<{ what: string }>(
      `select coalesce(e.type, 'nothing') || ' ' || coalesce(e.version, r.version) || ' of ' || coalesce(e.pbx_id, r.pbx_id)
         || ' has ' || coalesce('the cleanup run ' || r.id, 'no cleanup run') as what
       from (select * from call_event where type in ('link.disconnected', 'link.snapshot')) e
       full join (select * from cleanup_run where kind <> 'sweep') r
         on r.pbx_id = e.pbx_id and r.version = e.version
           and r.kind = case e.type when 'link.disconnected' then 'disconnect' else 'reconcile' end
       where e.version is null or r.version is null`,
    ),
  );
  return rows.map(({ what }) => what);
}
