import { freePort } from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';
import { inspectedAt } from '../machine/inspector.ts';
import type { Replicas } from '../system/start-services.ts';
import { countEvents } from '../system/sum-metrics.ts';
import { System, type Browsers } from '../system/system.ts';
import { until } from '../system/until.ts';
import { browsersOf, seatAudience, type Audience } from './audience.ts';
import { findLosses } from './find-losses.ts';
import { takeSample, type Sample, type Watched } from './take-sample.ts';
import { Throttle } from './throttle.ts';

export interface SoakPlan {
  readonly seed: number;
  readonly replicas: Replicas;
  readonly pbxs: number;
  readonly phonesPerPbx: number;
  /** How much shorter people talk than some seconds. */
  readonly pace: number;
  readonly browsers: number;
  readonly eventsPerSecond: number;
  readonly samples: number;
  readonly sampleEveryMs: number;
  /** Told each sample, for people who wait. */
  readonly onSample?: (sample: Sample, eventsPerSecond: number) => void;
}

export interface SoakReport {
  readonly samples: readonly Sample[];
  readonly losses: readonly string[];
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly calls: number;
  readonly deliveries: number;
}

const openWithinMs = 180_000;
const minuteMs = 60_000;

/** The whole fleet under steady traffic, looked at again and again; then calm, and what of it got lost. */
export async function runSoak(plan: SoakPlan): Promise<SoakReport> {
  const { seed, replicas, pbxs, phonesPerPbx, pace } = plan;
  await using system = await System.start({
    replicas,
    telephones: { pbxs, phonesPerPbx, seed, pace },
    tenants: 2,
  });
  await system.untilLive();
  const inspectPort = await freePort();
  const audience = seatAudience(system, plan.browsers, phonesPerPbx);
  const browsers = await system.openBrowsers(
    await browsersOf(system, audience),
    inspectedAt(inspectPort).split(' '),
  );
  await untilOpen(browsers);
  const watched: Watched[] = [
    ...system.services.map(({ name, process, inspectPort: port }) => ({
      name,
      pid: process.pid,
      inspectPort: port,
    })),
    { name: 'browsers', pid: browsers.pid, inspectPort },
  ];
  return await soak(plan, system, { browsers, audience, watched });
}

async function soak(
  plan: SoakPlan,
  system: System,
  parts: { browsers: Browsers; audience: Audience; watched: readonly Watched[] },
): Promise<SoakReport> {
  const throttle = new Throttle(system, plan.eventsPerSecond);
  const events = await countEvents(system.services);
  await throttle.open();
  const startedAt = performance.now();
  const samples: Sample[] = [];
  for (let next = 1; next <= plan.samples; next += 1) {
    await sleep(Math.max(0, startedAt + next * plan.sampleEveryMs - performance.now()));
    const minute = (performance.now() - startedAt) / minuteMs;
    const sample = await takeSample(system, parts.watched, minute);
    samples.push(sample);
    plan.onSample?.(sample, await throttle.adjust());
  }
  const soaked = (await countEvents(system.services)) - events;
  const eventsPerSecond = soaked / ((performance.now() - startedAt) / 1_000);
  await throttle.close();
  system.telephones.order({ order: 'counters' });
  const { calls } = await system.telephones.told('counters');
  return {
    ...(await findLosses(system, parts.browsers, parts.audience)),
    samples,
    events: soaked,
    eventsPerSecond,
    calls: calls.placed,
  };
}

async function untilOpen(browsers: Browsers): Promise<void> {
  let waiting = 0;
  await until(
    async () => {
      browsers.order({ order: 'tell' });
      const { browsers: told } = await browsers.told('told');
      waiting = told.filter(({ isLive }) => !isLive).length;
      return waiting === 0;
    },
    () => `every browser should be live, and ${waiting} are not`,
    openWithinMs,
  );
}
