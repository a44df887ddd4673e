/**
 * `npm run chaos -- --runs N --seed S`: the long form of the kill storm; `--takeover` measures who follows whom how fast;
 * `--link` and `--fleet` have whole processes and simulated PBXs in a storm, for `--seconds N` each;
 * `--rolling` replaces all services one by one under load, `--restarts N` in all, and tells how long stops take;
 * `--push` has push nodes and `--clients N` in a storm;
 * `--frames N` puts so many mutated frames of each dialect through the adapters; `--lives N` has so many calls live and get
 * stuck on a virtual clock.
 */
import { startTestServers } from '@trunkline/backing-services/testing';
import { endWhenIdle } from '@trunkline/service-kit';
import { parseArgs } from 'node:util';
import { stormFleets } from './fleet/storm-fleets.ts';
import { runFuzz } from './fuzz.ts';
import { runKillStorm } from './kill-storm.ts';
import { runLives } from './lives.ts';
import { stormLinks } from './link/storm-links.ts';
import { stormPushes } from './push/storm-pushes.ts';
import { rollFleets } from './rolling/roll.ts';
import { describeTakeovers, measureTakeovers } from './takeover.ts';

/** What code and caches of the first run take; anything that grew with the frames would be far above. */
const HEAP_GROWN_MB_MAX = 16;

endWhenIdle();
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    takeover: { type: 'boolean', default: false },
    frames: { type: 'string' },
    link: { type: 'boolean', default: false },
    fleet: { type: 'boolean', default: false },
    push: { type: 'boolean', default: false },
    rolling: { type: 'boolean', default: false },
    restarts: { type: 'string', default: '20' },
    clients: { type: 'string', default: '500' },
    seconds: { type: 'string' },
    lives: { type: 'string' },
  },
});
const runs = wholeNumber('--runs', values.runs, 1);
const firstSeed = wholeNumber('--seed', values.seed, 0);

if (values.lives !== undefined) live(wholeNumber('--lives', values.lives, 1));
else if (values.frames === undefined) await stormOrTakeover();
else await fuzz(wholeNumber('--frames', values.frames, 1));

async function stormOrTakeover(): Promise<void> {
  await using servers = await startTestServers((line) => console.log(line));
  console.log(`with ${servers.label}`);
  if (values.link) {
    const seconds = wholeNumber('--seconds', values.seconds ?? '60', 1);
    const failed = await stormLinks({ redisUrl: servers.redisUrl, runs, firstSeed, seconds });
    if (failed > 0) process.exitCode = 1;
  } else if (values.fleet) {
    const seconds = wholeNumber('--seconds', values.seconds ?? '35', 1);
    if ((await stormFleets({ runs, firstSeed, seconds })) > 0) process.exitCode = 1;
  } else if (values.rolling) {
    const restarts = wholeNumber('--restarts', values.restarts, 1);
    if ((await rollFleets({ runs, firstSeed, restarts })) > 0) process.exitCode = 1;
  } else if (values.push) {
    const seconds = wholeNumber('--seconds', values.seconds ?? '120', 1);
    const clients = wholeNumber('--clients', values.clients, 1);
    if ((await stormPushes({ runs, firstSeed, seconds, clients })) > 0) process.exitCode = 1;
  } else if (values.takeover) {
    const figures = describeTakeovers(await measureTakeovers({ redisUrl: servers.redisUrl, runs }));
    console.log(JSON.stringify({ chaos: 'takeover', ...figures }));
  } else {
    await storms(servers.redisUrl);
  }
}

function live(lives: number): void {
  if (!runLives({ lives, seed: firstSeed })) process.exitCode = 1;
}

async function fuzz(frames: number): Promise<void> {
  const figures = await runFuzz({ seed: firstSeed, frames });
  console.table(figures);
  const failed = figures.filter(
    ({ accounted, frames, unhandled, heapGrownMb }) =>
      accounted !== frames || unhandled > 0 || heapGrownMb > HEAP_GROWN_MB_MAX,
  ).length;
  console.log(JSON.stringify({ chaos: 'fuzz', seed: firstSeed, failed, figures }));
  if (failed > 0) process.exitCode = 1;
}

async function storms(redisUrl: string): Promise<void> {
  let failed = 0;
  for (let run = 0; run < runs; run += 1) {
    const seed = firstSeed + run;
    const report = await runKillStorm({ seed, redisUrl, consumers: 4, eventsOfPbx: 400, stormMs: 8000 });
    const { differences, crashes, faults, unique, delivered, drainedAfterMs } = report;
    const isWrong = differences.length > 0 || crashes > 0;
    const strikes = Object.entries(faults)
      .map(([fault, count]) => `${count} ${fault}`)
      .join(', ');
    console.log(
      `seed ${seed}: ${isWrong ? 'WRONG' : 'equal'}; ${unique} events in ${delivered} deliveries; ${strikes}; ` +
        `drained ${drainedAfterMs} ms after the storm`,
    );
    if (!isWrong) continue;
    failed += 1;
    for (const difference of differences.slice(0, 10)) console.log(`  ${difference}`);
    if (crashes > 0) console.log(`  ${crashes} consumers crashed`);
    console.log(`  replay: npm run chaos -- --runs 1 --seed ${seed}`);
  }
  console.log(JSON.stringify({ chaos: 'kill-storm', runs, firstSeed, failed }));
  if (failed > 0) process.exitCode = 1;
}

/** A storm that never ran would report no failure, so a number that is none ends the command instead. */
function wholeNumber(option: string, text: string, min: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= min) return number;
  throw new RangeError(
    `${option} takes a whole number from ${min} on, such as 10; got ${JSON.stringify(text)}`,
  );
}
