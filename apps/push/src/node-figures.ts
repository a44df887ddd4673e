import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { forgetPushNode, notePushNode, type PushNode } from '@trunkline/feed';
import { sleep, type Logger, type RedisConnection } from '@trunkline/service-kit';
import type { PushMetrics } from './push-metrics.ts';
import { quantilesOf, type Buckets } from './quantiles-of.ts';

export interface NodeFiguresOptions {
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly metrics: PushMetrics;
  readonly logger: Logger;
}

/** Often enough for a page that somebody looks at. */
const noteMs = 5_000;
const loopResolutionMs = 10;

/** Answers to clients that want a topic which tell of no reset. */
const noReset = new Set(['live', 'replayed', 'slow', 'unavailable']);

/** Says how this node stands until it is stopped, for the page about delivery. */
export function tellNodeFigures({ connection, prefix, metrics, logger }: NodeFiguresOptions): {
  stop(): Promise<void>;
} {
  const id = randomUUID();
  const startedAt = Date.now();
  const stopping = new AbortController();
  const loop = monitorEventLoopDelay({ resolution: loopResolutionMs });
  loop.enable();
  let delivered: Buckets = new Map();

  async function figures(): Promise<PushNode> {
    const buckets = await bucketsOf(metrics);
    const [p50 = null, p99 = null] = quantilesOf(delivered, buckets, [0.5, 0.99]);
    delivered = buckets;
    const loopDelayMs =
      loop.count === 0 ? 0 : Math.max(0, Math.round(loop.percentile(99) / 1e6 - loopResolutionMs));
    loop.reset();
    const answers = await labelled(metrics.subscribed, 'answer');
    const resets = [...answers].reduce(
      (sum, [answer, value]) => (noReset.has(answer) ? sum : sum + value),
      0,
    );
    return {
      id,
      name: hostname(),
      startedAt,
      connections: await total(metrics.connections),
      topics: await total(metrics.subscriptions),
      feeds: await total(metrics.feeds),
      bufferedBytes: await total(metrics.bufferedBytes),
      resumes: answers.get('replayed') ?? 0,
      resets,
      slow: await total(metrics.lagging),
      deliveries: await total(metrics.deliveries),
      deliveryP50Ms: p50 === null ? null : p50 * 1_000,
      deliveryP99Ms: p99 === null ? null : p99 * 1_000,
      loopDelayMs,
    };
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await notePushNode(connection, prefix, await figures());
      } catch (error) {
        logger.debug({ err: error }, 'how this node stands could not be noted');
      }
      await sleep(noteMs, stopping.signal).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort(new Error('push stops'));
      await running;
      loop.disable();
      // One that stays is forgotten by whoever lists them.
      await forgetPushNode(connection, prefix, id).catch(() => undefined);
    },
  };
}

interface Told {
  get(): Promise<{ readonly values: readonly { readonly value: number; readonly labels: object }[] }>;
}

const total = async (metric: Told): Promise<number> =>
  (await metric.get()).values.reduce((sum, { value }) => sum + value, 0);

async function labelled(metric: Told, label: string): Promise<Map<string, number>> {
  const { values } = await metric.get();
  return new Map(
    values.map(({ value, labels }) => [String((labels as Record<string, unknown>)[label]), value]),
  );
}

async function bucketsOf({ seconds }: PushMetrics): Promise<Buckets> {
  const { values } = await seconds.get();
  return new Map(
    values.flatMap(({ value, labels }) => {
      const { le } = labels as { le?: number | string };
      return le === undefined
        ? []
        : [[le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value] as const];
    }),
  );
}
