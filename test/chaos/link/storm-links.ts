import { runLinkStorm } from './link-storm.ts';

export interface LinkStorms {
  readonly redisUrl: string;
  readonly runs: number;
  readonly firstSeed: number;
  readonly seconds: number;
}

const CONNECTORS = 3;
const PBXS = 30;
const LOG_LINES = 40;

/** The long form: storm after storm, each told in a line. Returns how many went wrong. */
export async function stormLinks({ redisUrl, runs, firstSeed, seconds }: LinkStorms): Promise<number> {
  let failed = 0;
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run;
    const plan = { seed, redisUrl, connectors: CONNECTORS, pbxs: PBXS, stormMs: seconds * 1_000 };
    const {
      differences,
      crashes,
      strikes,
      calls,
      wholeCalls,
      missing,
      events,
      epochs,
      liveAgainAfterMs,
      log,
    } = await runLinkStorm(plan);
    const isWrong = differences.length > 0 || crashes.length > 0;
    const told = Object.entries(strikes).map(([strike, count]) => `${count} ${strike}`);
    console.log(
      `seed ${seed}: ${isWrong ? 'WRONG' : 'equal'}; ${calls} calls (${wholeCalls} heard whole), ${events} events, ${missing} never written, ` +
        `${epochs} leases; ${told.join(', ')}; all live ${liveAgainAfterMs} ms after the storm`,
    );
    if (!isWrong) continue;
    failed++;
    for (const difference of differences.slice(0, 10)) console.log(`  ${difference}`);
    for (const crash of crashes.slice(0, 3)) console.log(crash);
    console.log(`  ${crashes.length} connectors crashed`);
    for (const line of log.slice(-LOG_LINES)) console.log(`  ${line}`);
    console.log(`  replay: npm run chaos -- --link --runs 1 --seed ${seed} --seconds ${seconds}`);
  }
  console.log(JSON.stringify({ chaos: 'link', runs, firstSeed, seconds, failed }));
  return failed;
}
