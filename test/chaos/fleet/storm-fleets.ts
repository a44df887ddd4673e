import { runFleetStorm, type FleetStormPlan, type FleetStormReport } from './fleet-storm.ts';

export interface FleetStorms {
  readonly runs: number;
  readonly firstSeed: number;
  readonly seconds: number;
}

const replicas = { connector: 2, 'lifecycle-worker': 2, 'cleanup-worker': 2, 'stuck-call-worker': 2 };
const PBXS = 6;
const LOG_LINES = 60;

/** The long form: storm after storm, each told in a line. Returns how many went wrong. */
export async function stormFleets({ runs, firstSeed, seconds }: FleetStorms): Promise<number> {
  let [failed, calls, events] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run;
    const report = await storm({ seed, replicas, pbxs: PBXS, stormMs: seconds * 1_000 });
    if (report === null || isWrong(report)) {
      failed++;
      console.log(`  replay: npm run chaos -- --fleet --runs 1 --seed ${seed} --seconds ${seconds}`);
    }
    calls += report?.calls ?? 0;
    events += report?.events ?? 0;
  }
  console.log(JSON.stringify({ chaos: 'fleet', runs, firstSeed, seconds, failed, calls, events }));
  return failed;
}

const isWrong = ({ differences, crashes }: FleetStormReport): boolean =>
  differences.length > 0 || crashes.length > 0;

/** A storm after which nothing comes to rest is as wrong as one that leaves a difference, and the next seed has its turn. */
async function storm(plan: FleetStormPlan & { stormMs: number }): Promise<FleetStormReport | null> {
  try {
    const report = await runFleetStorm(plan);
    tell(report);
    return report;
  } catch (error) {
    console.log(`seed ${plan.seed}: WRONG; ${error instanceof Error ? error.stack : String(error)}`);
    return null;
  }
}

function tell(report: FleetStormReport): void {
  const { seed, differences, crashes, strikes, calls, wholeCalls, events, epochs, swept, reloads, log } =
    report;
  const told = Object.entries(strikes).map(([strike, count]) => `${count} ${strike}`);
  console.log(
    `seed ${seed}: ${isWrong(report) ? 'WRONG' : 'equal'}; ${calls} calls (${wholeCalls} heard whole, ${swept} swept), ` +
      `${events} events, ${epochs} leases, ${reloads} reloads of screens; ${told.join(', ')}; ` +
      `all live ${report.liveAgainAfterMs} ms after the storm, and right ${report.rightAfterMs} ms after the sweep`,
  );
  if (!isWrong(report)) return;
  for (const difference of differences.slice(0, 15)) console.log(`  ${difference}`);
  if (differences.length > 15) console.log(`  and ${differences.length - 15} more`);
  for (const crash of crashes.slice(0, 3)) console.log(crash);
  console.log(`  ${crashes.length} processes crashed`);
  for (const line of log.slice(-LOG_LINES)) console.log(`  ${line}`);
}
