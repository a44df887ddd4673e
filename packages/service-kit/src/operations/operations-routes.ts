import type { Health } from '../health/create-health.ts';
import type { Metrics } from '../metrics/create-metrics.ts';

export interface OperationsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Probes and scrapers of every deployment ask for these. */
export const OPERATIONS_PATHS = { live: '/livez', ready: '/readyz', metrics: '/metrics' } as const;

/** What each path of the operations server says. Bodies name what fails, so that `kubectl describe` tells it. */
export async function answerFor(
  method: string,
  url: string,
  health: Health,
  metrics: Metrics,
): Promise<OperationsAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'only GET and HEAD' });
  const [path = '/'] = url.split('?', 1);
  switch (path) {
    case OPERATIONS_PATHS.live:
      return liveness(health);
    case OPERATIONS_PATHS.ready:
      return readiness(health);
    case OPERATIONS_PATHS.metrics:
      return { status: 200, contentType: metrics.contentType, body: await metrics.exposition() };
    default:
      return json(404, { error: 'not found', paths: Object.values(OPERATIONS_PATHS) });
  }
}

function liveness(health: Health): OperationsAnswer {
  const { live, loops } = health.liveness();
  const failing = loops.filter(({ ok }) => !ok).map(({ loop }) => loop);
  return json(live ? 200 : 503, { live, failing, loops });
}

async function readiness(health: Health): Promise<OperationsAnswer> {
  const { ready, phase, checks } = await health.readiness();
  const failing = checks.filter(({ ok }) => !ok).map(({ check }) => check);
  return json(ready ? 200 : 503, { ready, phase, failing, checks });
}

function json(status: number, body: unknown): OperationsAnswer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}
