/** `npm run chaos -- --runs N --seed S`: the long form of the kill storm, and `--takeover` measures who follows whom how fast. */
import { startTestServers } from '@trunkline/backing-services/testing';
import { parseArgs } from 'node:util';
import { runKillStorm } from './kill-storm.ts';
import { describeTakeovers, measureTakeovers } from './takeover.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    takeover: { type: 'boolean', default: false },
  },
});
const runs = wholeNumber('--runs', values.runs, 1);
const firstSeed = wholeNumber('--seed', values.seed, 0);

await using servers = await startTestServers((line) => console.log(line));
console.log(`with ${servers.label}`);
if (values.takeover) {
  const figures = describeTakeovers(await measureTakeovers({ redisUrl: servers.redisUrl, runs }));
  console.log(JSON.stringify({ chaos: 'takeover', ...figures }));
} else {
  await storms(servers.redisUrl);
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
