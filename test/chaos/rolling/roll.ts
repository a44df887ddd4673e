import type { ServiceName, Stopped } from '../service-fleet.ts';
import { runRolling, stopIdle } from './rolling.ts';

export interface Rolls {
  readonly runs: number;
  readonly firstSeed: number;
  readonly restarts: number;
}

const replicas = {
  connector: 2,
  'lifecycle-worker': 2,
  'cleanup-worker': 1,
  'stuck-call-worker': 1,
  'webhook-worker': 1,
  api: 1,
  push: 2,
} as const;
const alone = Object.fromEntries(Object.keys(replicas).map((service) => [service, 1]));
const IDLE_ROUNDS = 3;
const PBXS = 3;
const BROWSERS_PER_TENANT = 5;
/** Who has nothing to do is gone by then. */
const IDLE_MS_MAX = 1_000;
const LOG_LINES = 60;

/** The long form: rolling restarts under load, and how long stops take. Returns how many runs went wrong. */
export async function rollFleets({ runs, firstSeed, restarts }: Rolls): Promise<number> {
  const idle = await stopIdle(alone, IDLE_ROUNDS);
  const slow = idle.filter(({ ms }) => ms > IDLE_MS_MAX);
  console.log('to stop with nothing to do, in ms');
  console.table(tableOf(idle));
  for (const { service, ms } of slow)
    console.log(`WRONG: ${service} took ${ms} ms to stop with nothing to do`);
  let failed = slow.length > 0 ? 1 : 0;
  const figures: object[] = [];
  for (let run = 0; run < runs; run += 1) {
    const seed = firstSeed + run;
    const report = await runRolling({
      seed,
      restarts,
      replicas,
      pbxs: PBXS,
      browsersPerTenant: BROWSERS_PER_TENANT,
    });
    const { differences, crashes, stops, calls, events, moves, resets, log } = report;
    const isWrong = differences.length > 0 || crashes.length > 0;
    figures.push({ seed, restarts: stops.length, calls, events, moves, resets, stops: tableOf(stops) });
    console.log(
      `seed ${seed}: ${isWrong ? 'WRONG' : 'equal'}; ${stops.length} restarts under ${calls} calls and ${events} events; ` +
        `browsers moved ${moves} times, told something from the start ${resets} times`,
    );
    console.table(tableOf(stops));
    if (!isWrong) continue;
    failed += 1;
    for (const difference of [...differences, ...crashes].slice(0, 15)) console.log(`  ${difference}`);
    for (const line of log.slice(-LOG_LINES)) console.log(`  ${line}`);
    console.log(`  replay: npm run chaos -- --rolling --runs 1 --seed ${seed} --restarts ${restarts}`);
  }
  console.log(JSON.stringify({ chaos: 'rolling', runs, firstSeed, failed, idle: tableOf(idle), figures }));
  return failed;
}

function tableOf(
  stops: readonly Stopped[],
): Record<string, { readonly stops: number; readonly msMax: number }> {
  const byService = Object.groupBy(stops, ({ service }) => service);
  return Object.fromEntries(
    (Object.entries(byService) as [ServiceName, Stopped[]][]).map(([service, some]) => [
      service,
      { stops: some.length, msMax: Math.max(...some.map(({ ms }) => ms)) },
    ]),
  );
}
