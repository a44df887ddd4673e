import type { Health } from '../health/create-health.ts';
import type { Logger } from '../logs/create-logger.ts';
import { assert } from '../primitives/assert.ts';
import { monotonicNow, type MonotonicNow } from '../primitives/clock.ts';
import { runStopStep, type StepReport, type StopStep } from './run-stop-step.ts';

/**
 * The order in which a service lets go: first a start that is still under way, then what faces users, then the
 * loops that work in the background, then the stores both of them need, and last what tells us how it went.
 */
export const SHUTDOWN_PHASES = ['start', 'users', 'loops', 'stores', 'telemetry'] as const;
export type ShutdownPhase = (typeof SHUTDOWN_PHASES)[number];

export interface ShutdownOptions {
  readonly logger: Logger;
  /** Turns red before anything stops. */
  readonly health?: Health;
  /** For all steps together. */
  readonly budgetMs?: number;
  readonly now?: MonotonicNow;
}

export interface ShutdownOutcome {
  /** Every step ended in time and without an error. */
  readonly clean: boolean;
  readonly steps: readonly StepReport[];
}

export interface Shutdown {
  readonly budgetMs: number;
  /** Aborts as soon as a stop is asked for; loops hang their waits on it. */
  readonly signal: AbortSignal;
  /** Adds a step; steps of one phase run side by side. One that is added while stopping still gets its turn. */
  add(
    phase: ShutdownPhase,
    name: string,
    stop: StopStep['stop'],
    options?: { readonly budgetMs?: number },
  ): void;
  /** Stops everything, in order. May be called again: there is one stop, and all callers wait for it. Never rejects. */
  stop(reason: string): Promise<ShutdownOutcome>;
}

/** Below the 30 s that Kubernetes grants by default, with room for a preStop hook and a forced exit. */
export const STOP_BUDGET_MS = 20_000;

/** For a step that asks for nothing else. */
export const STEP_BUDGET_MS = 8_000;

/**
 * A graceful stop, bounded as a whole and in each step: a step that hangs or fails is reported and left behind,
 * so that the stores are still closed in order. Knows nothing of signals and exit codes; see attachToProcess.
 */
export function createShutdown(options: ShutdownOptions): Shutdown {
  const { logger, health, budgetMs = STOP_BUDGET_MS, now = monotonicNow } = options;
  const waiting = new Map<ShutdownPhase, StopStep[]>(SHUTDOWN_PHASES.map((phase) => [phase, []]));
  const abort = new AbortController();
  let stopping: Promise<ShutdownOutcome> | undefined;
  let stopped = false;

  /** The first phase that still has steps: a late step of an earlier phase is served before a later phase. */
  function takeNextPhase(): readonly StopStep[] {
    for (const steps of waiting.values()) {
      if (steps.length > 0) return steps.splice(0);
    }
    return [];
  }

  async function runAll(reason: string): Promise<ShutdownOutcome> {
    health?.draining();
    logger.info({ reason, budgetMs }, 'stopping');
    abort.abort(new Error(`stopping: ${reason}`));
    const startedAt = now();
    const reports: StepReport[] = [];
    for (let steps = takeNextPhase(); steps.length > 0; steps = takeNextPhase()) {
      const leftMs = Math.max(0, budgetMs - (now() - startedAt));
      const finished = await Promise.all(steps.map((step) => runStopStep(step, leftMs, now)));
      for (const report of finished) logStep(logger, report);
      reports.push(...finished);
    }
    stopped = true;
    const clean = reports.every(({ ending }) => ending === 'done');
    logger.info({ clean, tookMs: Math.round(now() - startedAt) }, 'stopped');
    return { clean, steps: reports };
  }

  return {
    budgetMs,
    signal: abort.signal,
    add(phase, name, stop, { budgetMs: stepBudgetMs = STEP_BUDGET_MS } = {}) {
      assert(!stopped, `nothing is added to a service that has stopped, got "${name}"`);
      waiting.get(phase)?.push({ phase, name, stop, budgetMs: stepBudgetMs });
    },
    stop: (reason) => (stopping ??= runAll(reason)),
  };
}

function logStep(logger: Logger, { error, ...step }: StepReport): void {
  if (step.ending === 'done') logger.debug(step, 'a stop step is done');
  else logger.error({ ...step, err: error }, 'a stop step did not end well');
}
