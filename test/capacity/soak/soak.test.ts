import { expect, it } from 'vitest';
import { judgeGrowth } from './judge-growth.ts';
import { runSoak } from './soak.ts';

const replicas = { connector: 1, 'lifecycle-worker': 1, 'cleanup-worker': 1, push: 1 };
const samples = 6;

it('a short soak looks at every process as often as it should, and nothing gets lost meanwhile', async () => {
  const report = await runSoak({
    seed: 1,
    replicas,
    pbxs: 3,
    phonesPerPbx: 20,
    pace: 4,
    browsers: 30,
    eventsPerSecond: 60,
    samples,
    sampleEveryMs: 500,
  });
  expect(report.losses).toEqual([]);
  expect(report.samples).toHaveLength(samples);
  expect(report.events).toBeGreaterThan(20);
  expect(report.deliveries).toBeGreaterThan(5);
  const node = ['descriptors', 'external', 'handles', 'heap', 'rss'];
  const seen = report.samples.map(({ of }) =>
    Object.fromEntries([...of].map(([who, figures]) => [who, Object.keys(figures).sort()])),
  );
  expect(seen).toEqual(
    Array.from({ length: samples }, () => ({
      'lifecycle-worker-1': node,
      'cleanup-worker-1': node,
      'connector-1': node,
      'push-1': node,
      browsers: node,
      postgresql: ['connections', 'rss'],
      redis: ['connections', 'descriptors', 'memory', 'rss'],
    })),
  );
  // The socket of each browser is in it, so figures are of the process that they say.
  expect(report.samples.at(-1)?.of.get('push-1')?.descriptors).toBeGreaterThan(30);
  expect(judgeGrowth(report.samples, 0).every(({ perMinute }) => Number.isFinite(perMinute))).toBe(true);
}, 240_000);
