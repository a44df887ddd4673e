/**
 * The console in a real Chromium: how soon it can be used, and a wallboard of 3,000 phones of which 2,000 a second change.
 * The changes go through the feed and the real push; only the database is left out.
 */
import { parseArgs } from 'node:util';
import { checkoutPaths } from '@trunkline/backing-services';
import { startTestServers } from '@trunkline/backing-services/testing';
import { readShown } from '@trunkline/database';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ConsoleLab } from '../console/support/console-lab.ts';
import { untilNothing } from '../e2e/fleet-lab.ts';
import { Firehose, type Row } from './console/firehose.ts';
import { firstView, initialScriptKib, prepareFirstView } from './console/first-view.ts';
import { watchPage, type Watched } from './console/page-watch.ts';
import { visit, type Visit } from './console/visitor.ts';
import { median, report } from './measure.ts';

const snapshotMs = 120_000;
const settleMs = 30_000;

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      phones: { type: 'string', default: '3000' },
      rate: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '60' },
      views: { type: 'string', default: '5' },
    },
  });
  const phones = Number(values.phones);
  const seconds = Number(values.seconds);
  await using servers = await startTestServers((line) => console.log(line));
  await using lab = await ConsoleLab.open({ simulator: { extensions: phones } });
  const rows = await knownPhones(lab, phones);
  const page = await lab.page({ person: 'sam', viewport: { width: 1920, height: 1080 } });
  await prepareFirstView(page);
  const views: number[] = [];
  for (let view = 0; view < Number(values.views); view += 1) {
    views.push(await firstView(page, `${lab.url}/wall`));
    console.log(`view ${view + 1}/${values.views}  can be used after ${views.at(-1)} ms`);
  }
  const { prefix, tenant } = lab.fleet;
  await using firehose = new Firehose(rows, { redisUrl: servers.redisUrl, prefix, tenant });
  console.log(`${phones} phones, ${values.rate} changes a second for ${seconds} s; ${servers.label}`);
  const stop = new AbortController();
  const watching = await watchPage(page);
  const visiting = visit(page, stop.signal);
  const startedAt = performance.now();
  const told = await firehose.run(Number(values.rate), seconds);
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  const watched = await watching();
  stop.abort();
  const visited = await visiting;
  await untilNothing(() => differences(page, firehose), 'the page shows what was told last', settleMs);
  report(
    'console',
    {
      phones,
      updatesPerSecond: Math.round(told / tookSeconds),
      seconds: Math.round(tookSeconds),
      interactiveMs: median(views),
      scriptKb: initialScriptKib(join(checkoutPaths().root, 'apps/console/dist')),
      ...figuresOf(watched, visited),
    },
    {},
  );
}

/** Of the simulated PBX, as a snapshot tells them, once all are there. */
async function knownPhones({ fleet }: ConsoleLab, phones: number): Promise<Row[]> {
  const read = () => fleet.database.run((transaction) => readShown.extensions(transaction));
  await untilNothing(
    async () => ((await read()).length === phones ? [] : ['not all phones are known']),
    'the snapshot of the PBX',
    snapshotMs,
  );
  return ((await read()) as Row[]).toSorted((one, other) => Number(one.extension) - Number(other.extension));
}

function figuresOf({ tasks, interactions, frames, delays, mainThread }: Watched, visited: Visit) {
  return {
    longTasks: tasks.length,
    longestTaskMs: Math.round(Math.max(0, ...tasks)),
    mainThreadPercent: Math.round(mainThread * 100),
    framesPerSecond: Math.round(1_000 / (frames.reduce((sum, ms) => sum + ms, 0) / frames.length)),
    frameMsP95: oneDigit(quantile(frames, 0.95)),
    shownAfterMsP50: Math.round(quantile(delays, 0.5)),
    shownAfterMsP95: Math.round(quantile(delays, 0.95)),
    interactions: visited.done,
    interactionsDropped: visited.dropped,
    interactionMsMax: Math.round(Math.max(0, ...interactions)),
  };
}

/** Phones that look otherwise than what was told of them last. */
async function differences(page: Page, { told }: Firehose): Promise<string[]> {
  const shown = await page.evaluate<[string, string][]>(
    `[...document.querySelectorAll('[data-key]')].map((tile) => [tile.dataset.key, tile.dataset.state])`,
  );
  const states = new Map(shown.map(([key, state]) => [key.split('/').at(-1) ?? key, state]));
  return [...told.values()]
    .filter(({ extension, status }) => states.get(extension) !== status)
    .map(
      ({ extension, status }) =>
        `${extension} is ${status} and looks ${states.get(extension) ?? 'like nothing'}`,
    );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const oneDigit = (value: number): number => Math.round(value * 10) / 10;
