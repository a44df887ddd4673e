import { sleep } from '@trunkline/service-kit';
import type { Ledger } from '@trunkline/pbx-simulator';
import { ledgerDifferences, type Heard } from '../../support/ledger-differences.ts';
import { storedCalls } from '../../support/stored-calls.ts';
import { historyMax } from '../system/telephones.ts';
import { sumMetrics } from '../system/sum-metrics.ts';
import type { Browsers, System } from '../system/system.ts';
import type { Audience } from './audience.ts';
import { whatWasNotTold } from './what-was-not-told.ts';

const settledWithinMs = 120_000;
const lookEveryMs = 500;

export interface Findings {
  /** What is not as it should be, a sentence each. */
  readonly losses: readonly string[];
  readonly deliveries: number;
}

/** Once the traffic has ended: tables equal the PBXs' ledgers, nothing is left behind, and browsers were told of the last calls. */
export async function findLosses(system: System, browsers: Browsers, audience: Audience): Promise<Findings> {
  const deadline = performance.now() + settledWithinMs;
  for (;;) {
    const found = await look(system, browsers, audience);
    if (found.losses.length === 0 || performance.now() > deadline) return found;
    await sleep(lookEveryMs);
  }
}

async function look(system: System, browsers: Browsers, audience: Audience): Promise<Findings> {
  browsers.order({ order: 'tell' });
  const { deliveries, browsers: told } = await browsers.told('told');
  const losses = [
    ...system.ended,
    ...(await ledgerLosses(system)),
    ...(await leftBehind(system)),
    ...(await whatWasNotTold(system.database, audience, told)),
  ];
  return { losses, deliveries };
}

async function ledgerLosses({ telephones, offices, database }: System): Promise<string[]> {
  telephones.order({ order: 'ledgers' });
  const { ledgers } = await telephones.told('ledgers');
  const differences = await Promise.all(
    offices.map(async ({ pbx, index }) => {
      const ledger = ledgers[index];
      if (ledger === undefined) return [`PBX ${index + 1} has no ledger`];
      const heard = await storedCalls(database, pbx);
      return ledgerDifferences(ledger, remembered(ledger, heard)).map((each) => `PBX ${index + 1}: ${each}`);
    }),
  );
  return differences.flat();
}

/** A ledger that is full has forgotten older calls; of what the tables hold only what is as new is compared. */
function remembered(ledger: Ledger, heard: Heard): Heard {
  const [oldest] = ledger.calls;
  if (oldest === undefined || ledger.calls.length < historyMax) return heard;
  const known = new Set(ledger.calls.flatMap(({ key, mergedKeys }) => [key, ...mergedKeys]));
  return { ...heard, calls: heard.calls.filter(({ key }) => known.has(key)) };
}

async function leftBehind({ database, services }: System): Promise<string[]> {
  const rows = await database.run((transaction) =>
    transaction.query<{ what: string }>(
      `select 'a message in the outbox since ' || created_at as what from outbox
       union all select 'a dead letter of ' || group_name || ': ' || error from dead_letter`,
    ),
  );
  const workers = services.filter(({ service }) => /^(?:lifecycle|cleanup)-worker$/.test(service));
  const gaps = await sumMetrics(workers, (name) => lossMetrics.has(name));
  return [
    ...rows.map(({ what }) => what),
    ...[...gaps].flatMap(([name, count]) => (count === 0 ? [] : [`${name} is ${count}`])),
  ];
}

const lossMetrics: ReadonlySet<string> = new Set([
  'trunkline_stream_gap_entries_total',
  'trunkline_stream_trimmed_unread_entries_total',
  'trunkline_stream_resets_total',
]);
