import type { RoundTrips } from './round-trips.ts';

export type Quality = 'good' | 'degraded' | 'failed' | 'unknown';

/** Everything the score depends on. */
export interface HealthFacts {
  readonly link: 'connected' | 'trying' | 'resting';
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** Pings in a row that nobody answered. */
  readonly missed: number;
  readonly roundTrips: RoundTrips | null;
}

export interface Health {
  /** 0 to 100. */
  readonly score: number;
  readonly quality: Quality;
  /** What was taken off, each with its name. */
  readonly deductions: readonly { readonly reason: string; readonly points: number }[];
}

const base = { connected: 0, trying: 50, resting: 100 };
const poor = { good: 0, unknown: 0, degraded: 20, failed: 40 };

/** The same facts give the same score, and no fact that gets worse makes it better. */
export function healthOf(facts: HealthFacts): Health {
  const { link, failures } = facts;
  const quality = qualityOf(facts);
  const deductions = [
    { reason: 'not connected', points: base[link] },
    { reason: 'failures in a row', points: Math.min(30, failures * 10) },
    { reason: `connection quality ${quality}`, points: poor[quality] },
    { reason: 'more than 5 attempts', points: Math.min(20, Math.max(0, failures - 5) * 4) },
  ].filter(({ points }) => points > 0);
  const lost = deductions.reduce((sum, { points }) => sum + points, 0);
  return { score: Math.max(0, 100 - lost), quality, deductions };
}

function qualityOf({ missed, roundTrips }: HealthFacts): Quality {
  const { latencyMs = 0, jitterMs = 0 } = roundTrips ?? {};
  if (missed > 1 || latencyMs > 2_000) return 'failed';
  if (missed > 0 || latencyMs > 400 || jitterMs > 200) return 'degraded';
  return roundTrips === null ? 'unknown' : 'good';
}
