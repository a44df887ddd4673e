import { runPushStorm, type PushStormReport, type Spread } from './push-storm.ts';

export interface PushStorms {
  readonly runs: number;
  readonly firstSeed: number;
  readonly seconds: number;
  readonly clients: number;
}

const NODES = 2;
const TOPICS = 200;
const EVENTS_PER_SECOND = 500;
const LOG_LINES = 40;
/** What a lost connection kept from a screen is there again by then, counted while a node and Redis serve. */
const HEALED_WITHIN_MS = 2_000;

/** The long form: storm after storm, each told in a line. Returns how many went wrong. */
export async function stormPushes({ runs, firstSeed, seconds, clients }: PushStorms): Promise<number> {
  let failed = 0;
  const figures: object[] = [];
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run;
    const { log, ...found } = await runPushStorm({
      seed,
      nodes: NODES,
      clients,
      topics: TOPICS,
      eventsPerSecond: EVENTS_PER_SECOND,
      stormMs: seconds * 1_000,
    });
    const report = { ...found, differences: [...found.differences, ...slowHealing(found.gapMs)] };
    const { differences, crashes, ...rest } = report;
    figures.push({ seed, ...rest });
    const isWrong = differences.length > 0 || crashes.length > 0;
    console.log(`seed ${seed}: ${isWrong ? 'WRONG' : 'equal'}; ${tell(report)}`);
    if (!isWrong) continue;
    failed++;
    for (const difference of differences.slice(0, 10)) console.log(`  ${difference}`);
    console.log(`  ${differences.length} differences, ${crashes.length} nodes crashed`);
    for (const crash of crashes.slice(0, 3)) console.log(crash);
    for (const line of log.slice(-LOG_LINES)) console.log(`  ${line}`);
    const how = `--seed ${seed} --seconds ${seconds} --clients ${clients}`;
    console.log(`  replay: npm run chaos -- --push --runs 1 ${how}`);
  }
  console.log(JSON.stringify({ chaos: 'push', runs, firstSeed, seconds, clients, failed, figures }));
  return failed;
}

/** One in a hundred may fall on a kill that meets a node which has only just begun. */
const slowHealing = ({ p99 }: Spread): string[] =>
  p99 <= HEALED_WITHIN_MS
    ? []
    : [`gaps of lost connections healed after ${p99} ms (p99), not ${HEALED_WITHIN_MS}`];

function tell(report: Omit<PushStormReport, 'log'>): string {
  const { strikes, published, told, lost, lastLost, lateMs, healedMs, lastHealedMs, backMs, gapMs, awayMs } =
    report;
  const { kills, freezes } = strikes;
  return [
    `${published} events told ${told} times; ${kills} kills, ${freezes} freezes of Redis, ${lost} messages lost on their way`,
    `told after ${spread(lateMs)}; lost ones to the last client after ${spread(healedMs)}`,
    `the last one, lost ${lastLost} times, after ${lastHealedMs} ms; screens live again after ${spread(backMs)}`,
    `gaps of lost connections healed after ${spread(gapMs)} of service`,
    `by the clock on the wall, faults and a busy machine included, screens were away for ${spread(awayMs)}`,
  ].join('; ');
}

const spread = ({ p50, p99, max }: Spread): string => `${p50}/${p99}/${max} ms (p50/p99/max)`;
