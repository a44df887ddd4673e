import { monotonicNow, type MonotonicNow } from '../primitives/clock.ts';
import { createHeartbeats, type Heartbeat, type LoopReport } from './heartbeats.ts';
import { createReadinessChecks, type CheckReport, type ReadinessCheck } from './readiness-checks.ts';

export interface Liveness {
  readonly live: boolean;
  readonly loops: readonly LoopReport[];
}

export interface Readiness {
  readonly ready: boolean;
  /** `starting` and `draining` are red whatever the checks say. */
  readonly phase: HealthPhase;
  readonly checks: readonly CheckReport[];
}

export type HealthPhase = 'starting' | 'running' | 'draining';

export interface Health {
  /** Registers a loop that must turn at least every `silenceMsMax`; call what is returned at each turn. */
  progress(loop: string, options: { readonly silenceMsMax: number }): Heartbeat;
  /** Adds a named readiness check, bounded by `timeoutMs`. */
  check(name: string, run: ReadinessCheck, options?: { readonly timeoutMs?: number }): void;
  /** The service has started: from here on the checks decide readiness. */
  started(): void;
  /** The service is about to stop: readiness is red from here on, for good. */
  draining(): void;
  liveness(): Liveness;
  readiness(): Promise<Readiness>;
}

/** A kubelet waits one second for a probe by default; the answer must be there before. */
const CHECK_MS_MAX = 800;

/**
 * Two questions that must not be mixed up. Liveness asks whether this process makes progress: only its own
 * loops answer, never a store, for restarting everything because Redis is away turns an outage into a storm.
 * Readiness asks whether it can serve now: the checks answer, and the phase of its life.
 */
export function createHealth({ now = monotonicNow }: { readonly now?: MonotonicNow } = {}): Health {
  const heartbeats = createHeartbeats(now);
  const checks = createReadinessChecks();
  let phase: HealthPhase = 'starting';

  return {
    progress: (loop, { silenceMsMax }) => heartbeats.register(loop, silenceMsMax),
    check: (name, run, { timeoutMs = CHECK_MS_MAX } = {}) => checks.add(name, run, timeoutMs),
    started() {
      if (phase === 'starting') phase = 'running';
    },
    draining() {
      phase = 'draining';
    },
    liveness() {
      const loops = heartbeats.report();
      return { live: loops.every(({ ok }) => ok), loops };
    },
    async readiness() {
      const reports = await checks.report();
      const ready = phase === 'running' && reports.every(({ ok }) => ok);
      return { ready, phase, checks: reports };
    },
  };
}
