import { assert } from '../primitives/assert.ts';
import { withDeadline } from '../primitives/with-deadline.ts';

/** Resolves if all is well and rejects with the reason if not. The signal aborts when nobody waits any more. */
export type ReadinessCheck = (signal: AbortSignal) => void | Promise<void>;

export interface CheckReport {
  readonly check: string;
  readonly ok: boolean;
  /** Why it failed, in one line. */
  readonly reason?: string;
}

export interface ReadinessChecks {
  add(check: string, run: ReadinessCheck, timeoutMs: number): void;
  report(): Promise<readonly CheckReport[]>;
}

/**
 * Runs the checks side by side, each bounded in time, so the slowest one alone decides how long a probe takes.
 *
 * A check that hangs is not started again until it settles: probes come every few seconds, and a
 * store that is away would otherwise gather one waiting query a probe.
 */
export function createReadinessChecks(): ReadinessChecks {
  const checks = new Map<string, () => Promise<CheckReport>>();
  return {
    add(check, run, timeoutMs) {
      assert(!checks.has(check), `each readiness check has a name of its own, got "${check}" twice`);
      checks.set(check, boundedCheck(check, run, timeoutMs));
    },
    report: () => Promise.all([...checks.values()].map((run) => run())),
  };
}

function boundedCheck(check: string, run: ReadinessCheck, timeoutMs: number): () => Promise<CheckReport> {
  let underWay: Promise<void> | undefined;

  function start(): Promise<void> {
    const attempt = Promise.try(run, AbortSignal.timeout(timeoutMs)).finally(() => {
      underWay = undefined;
    });
    attempt.catch(() => {});
    return attempt;
  }

  return async () => {
    underWay ??= start();
    try {
      await withDeadline(underWay, timeoutMs, `the check "${check}"`);
      return { check, ok: true };
    } catch (error) {
      return { check, ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
  };
}
