/**
 * `npm run soak -- --minutes M`: the whole fleet with 300 events a second and 1,000 browsers. Each minute everything that could
 * leak is counted; at the end a table of slopes, which is Markdown, and JSON in the last line. Fails where something grows, or
 * where something was lost. A warm-up of up to 16 minutes comes before those minutes.
 */
import { parseArgs } from 'node:util';
import { startTestServers } from '@trunkline/backing-services/testing';
import { endWhenIdle } from '@trunkline/service-kit';
import { wholeNumber } from '../whole-number.ts';
import { growthTable } from './growth-table.ts';
import { judgeGrowth, WARM_UP_MINUTES } from './judge-growth.ts';
import { runSoak } from './soak.ts';
import { pointsMin } from './slope.ts';
import type { Sample } from './take-sample.ts';

endWhenIdle();
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    'warm-up': { type: 'string' },
    every: { type: 'string', default: '60' },
    rate: { type: 'string', default: '300' },
    browsers: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const minutes = wholeNumber('--minutes', values.minutes, 1);
const warmUp = wholeNumber('--warm-up', values['warm-up'] ?? String(Math.min(minutes, WARM_UP_MINUTES)), 0);
const everySeconds = wholeNumber('--every', values.every, 1);
const rate = wholeNumber('--rate', values.rate, 1);
const browsers = wholeNumber('--browsers', values.browsers, 1);
const samplesOf = (time: number): number => Math.floor((time * 60) / everySeconds);
if (samplesOf(minutes) < pointsMin) {
  throw new RangeError(
    `${minutes} minutes with a sample every ${everySeconds} s are ${samplesOf(minutes)} samples; slopes take ${pointsMin}: ` +
      'give more --minutes, or fewer seconds in --every',
  );
}

const replicas = {
  connector: 2,
  'lifecycle-worker': 2,
  'cleanup-worker': 1,
  'stuck-call-worker': 1,
  'webhook-worker': 1,
  'import-worker': 1,
  'recording-worker': 1,
  api: 1,
  push: 2,
};

await using servers = await startTestServers((line) => console.log(line));
console.log(
  `${minutes} minutes after a warm-up of ${warmUp}, ${rate} events/s, ${browsers} browsers; ${servers.label}`,
);
const report = await runSoak({
  seed: wholeNumber('--seed', values.seed, 0),
  replicas,
  pbxs: 6,
  phonesPerPbx: 150,
  pace: 1,
  browsers,
  eventsPerSecond: rate,
  samples: samplesOf(warmUp + minutes),
  sampleEveryMs: everySeconds * 1_000,
  onSample: tell,
});
const growths = judgeGrowth(report.samples, warmUp);
console.log(`\n${growthTable(growths)}\n`);
for (const loss of report.losses.slice(0, 40)) console.log(`LOST: ${loss}`);
const growing = growths.filter(({ isFlat }) => isFlat === false);
console.log(
  JSON.stringify({
    soak: 'fleet',
    minutes,
    warmUpMinutes: warmUp,
    browsers,
    events: report.events,
    eventsPerSecond: Math.round(report.eventsPerSecond),
    calls: report.calls,
    deliveries: report.deliveries,
    losses: report.losses.length,
    growing: growing.map(({ who, measure }) => `${who} ${measure}`),
    slopesPerHour: Object.fromEntries(
      growths.map(({ who, measure, perMinute, noisePerMinute }) => [
        `${who} ${measure}`,
        [perMinute * 60, noisePerMinute * 60].map((value) => Math.round(value * 1_000) / 1_000),
      ]),
    ),
  }),
);
if (growing.length > 0 || report.losses.length > 0) process.exitCode = 1;

function tell({ minute, of }: Sample, eventsPerSecond: number): void {
  const heaps = [...of].flatMap(([who, { heap }]) => (heap === undefined ? [] : `${who} ${heap.toFixed(1)}`));
  console.log(
    `${minute.toFixed(1)} min  ${Math.round(eventsPerSecond)} events/s  heap MB: ${heaps.join(', ')}`,
  );
}
