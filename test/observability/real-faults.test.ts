import { createIngestWorker, ingestGroups } from '@trunkline/ingest';
import { IngestLab, until } from '@trunkline/ingest/testing';
import { expect, it } from 'vitest';
import { allAlerts } from '../../infra/observability/alerts/all-alerts.ts';
import { firedBetween } from '../../infra/observability/alerts/firing.ts';
import { healthy } from '../../infra/observability/faults/healthy.ts';
import {
  faultAtSeconds,
  scrapeEverySeconds,
  seriesOf,
  worldSeconds,
} from '../../infra/observability/faults/world.ts';
import { parseExposition } from '../../infra/observability/promql/parse-exposition.ts';
import type { Point, Series } from '../../infra/observability/promql/series.ts';

/** Everything but the worker of calls, of which the real one speaks. */
const others = seriesOf(
  Object.fromEntries(Object.entries(healthy).filter(([key]) => !key.includes('app="lifecycle-worker"'))),
);

interface Scraped {
  readonly series: Omit<Series, 'points'>;
  readonly points: Point[];
}

/** What a worker really exposed before a fault and then in it, laid out on a clock on which alerts need no waiting. */
function fired(before: string, inFault: readonly string[]): string[] {
  const points = new Map<string, Scraped>();
  for (let at = 0; at <= worldSeconds; at += scrapeEverySeconds) {
    const scrape = Math.floor((at - faultAtSeconds) / scrapeEverySeconds);
    const page = at < faultAtSeconds ? before : (inFault[scrape] ?? inFault.at(-1) ?? before);
    for (const { metric, labels, value } of parseExposition(page)) {
      const own = { ...labels, app: 'lifecycle-worker' };
      const key = JSON.stringify([metric, own]);
      const known: Scraped = points.get(key) ?? { series: { metric: metric ?? '', labels: own }, points: [] };
      points.set(key, known);
      known.points.push([at, value]);
    }
  }
  const real = [...points.values()].map((each) => ({ ...each.series, points: each.points }));
  const times = firedBetween(allAlerts, [...others, ...real], { from: 1_800, to: worldSeconds });
  return times.map(({ name }) => name);
}

it(
  'the expositions of a real worker raise the alert of the fault that it is in, and no other',
  { timeout: 180_000 },
  async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    const context = lab.context();
    await lab.started(createIngestWorker(context, ingestGroups.lifecycle));
    // Small parts of an exposition are enough, and those that alerts ask for: the rest of it would only cost time.
    const page = async () =>
      (await context.metrics.exposition())
        .split('\n')
        .filter((line) => /^trunkline_(?:stream|dead|outbox|event_loop|metric)(?!.*_bucket)/.test(line))
        .join('\n')
        .replaceAll(/(trunkline_event_loop_delay_p99_seconds\S*) \S+/g, '$1 0.01');
    await lab.say(pbx, 'call.ringing', { call: 'a' });
    await lab.settled([pbx], ['lifecycle']);
    await until(async () => !/trunkline_stream_lag_entries\{[^}]*\} [1-9]/.test(await page()));
    const well = await page();
    expect(fired(well, [well])).toEqual([]);

    await lab.say(pbx, 'call.ringing', { call: 'b', extensions: 'none' });
    await lab.settled([pbx], ['lifecycle']);
    await until(async () => (await page()).includes('outcome="dead_letter",app="worker"} 1'));
    const poisoned = await page();
    expect(fired(well, [poisoned])).toEqual(['TrunklineDeadLetters']);

    pbx.seq += 2;
    await lab.say(pbx, 'call.ringing', { call: 'c' });
    await lab.settled([pbx], ['lifecycle']);
    await until(async () => /gap_entries_total\{[^}]*\} 2/.test(await page()));
    const gap = await page();
    expect(fired(poisoned, [gap])).toEqual(['TrunklineStreamGap']);

    await lab.rows('alter table call_event rename to call_event_elsewhere');
    await lab.say(pbx, 'call.ringing', { call: 'd' });
    await until(async () => /trunkline_stream_lag_entries\{[^}]*\} [1-9]/.test(await page()));
    const stalled = await page();
    expect(fired(gap, [stalled])).toEqual(['TrunklineStreamStalled']);
    await lab.rows('alter table call_event_elsewhere rename to call_event');
    await lab.settled([pbx], ['lifecycle']);
  },
);
