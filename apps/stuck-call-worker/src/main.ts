import { OutboxRelay } from '@trunkline/database';
import { createFeed } from '@trunkline/feed';
import { runService, type Service } from '@trunkline/service-kit';
import { stuckCallLimitsOf } from '@trunkline/stuck-calls';
import { openStores } from '@trunkline/worker-kit';
import { createStuckCallWorker } from './create-stuck-call-worker.ts';
import { stopBudgetMs, stuckCallWorkerSettings, timingOf } from './settings.ts';

/** Longer than any statement of ours takes; what the database does not answer by then is asked anew. */
const databaseSilenceMs = 10_000;

/** Besides one for each batch: two loops and their leases. */
const furtherConnections = 4;

async function start(service: Service<typeof stuckCallWorkerSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { stores, sweep, doubleBooking } = settings;
  const [timing, limits] = [timingOf(sweep), stuckCallLimitsOf(sweep)];
  const { database, redis } = await openStores(service, {
    // A batch holds one connection for its work, and now and then one more to renew its lease.
    connectionsMax: 2 * sweep.parallel + furtherConnections,
    silenceMs: databaseSilenceMs,
  });

  const feed = createFeed({ redis, prefix: stores.prefix, metrics });
  await feed.ready();
  const relay = new OutboxRelay(database, (messages) => feed.deliver(messages));
  const worker = createStuckCallWorker({
    database,
    redis,
    prefix: stores.prefix,
    timing,
    limits,
    verify: sweep.verify,
    answerMs: sweep.answerMs,
    parallel: sweep.parallel,
    doubleBookingEveryMs: doubleBooking.everyMs,
    relay: (messages) => relay.relay(messages),
    logger,
    metrics,
    health,
  });
  shutdown.add('loops', 'stuck-call worker', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({ name: 'stuck-call-worker', settings: stuckCallWorkerSettings, start });
