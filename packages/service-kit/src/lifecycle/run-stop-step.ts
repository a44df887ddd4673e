import type { MonotonicNow } from '../primitives/clock.ts';
import { DeadlineError, withDeadline } from '../primitives/with-deadline.ts';

export interface StopStep {
  readonly phase: string;
  readonly name: string;
  /** The signal aborts when the step's time is up: what can't finish should then give up by itself. */
  readonly stop: (signal: AbortSignal) => void | Promise<unknown>;
  readonly budgetMs: number;
}

export interface StepReport {
  readonly phase: string;
  readonly step: string;
  readonly ending: 'done' | 'failed' | 'out of time';
  readonly tookMs: number;
  readonly error?: unknown;
}

/** Runs one step within its own budget and what is left of the total. Never rejects. */
export async function runStopStep(step: StopStep, leftMs: number, now: MonotonicNow): Promise<StepReport> {
  const budgetMs = Math.min(step.budgetMs, leftMs);
  const startedAt = now();
  const outOfTime = new AbortController();
  const report = (ending: StepReport['ending']): StepReport => ({
    phase: step.phase,
    step: step.name,
    ending,
    tookMs: Math.round(now() - startedAt),
  });
  try {
    await withDeadline(Promise.try(step.stop, outOfTime.signal), budgetMs, `stopping ${step.name}`);
    return report('done');
  } catch (error) {
    outOfTime.abort(error);
    return { ...report(error instanceof DeadlineError ? 'out of time' : 'failed'), error };
  }
}
