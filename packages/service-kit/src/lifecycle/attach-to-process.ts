import type { Logger } from '../logs/create-logger.ts';
import { monotonicNow } from '../primitives/clock.ts';
import type { Shutdown } from './create-shutdown.ts';
import { endWhenIdle, exitProcess } from './exit-process.ts';

export interface AttachOptions {
  readonly shutdown: Shutdown;
  readonly logger: Logger;
}

export interface ProcessAttachment {
  /** Stops gracefully and leaves the exit code behind; asked for twice it is one stop. */
  stop(reason: string, exitCode?: number): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ctrl-C in a terminal reaches the whole process group, and npm and launchers pass it on once more. What follows the
 * first signal this closely is its echo and no impatient operator.
 */
const ECHO_MS = 200;

/**
 * Ties a shutdown to the life of this process.
 *
 * - SIGTERM or SIGINT stops gracefully. With every step done the process ends by itself, with code 0: nothing is cut.
 * - A second signal, a step that hung or failed, a budget that ran out, or something forgotten that keeps the
 *   process alive after the stop: exit with code 1, by force.
 * - An uncaught exception or an unhandled rejection is a crash: logged, code 1, at once. The state of the process is
 *   unknown then, so it must not go on to commit anything; what it had in hand is retried by whoever comes next.
 */
export function attachToProcess({ shutdown, logger }: AttachOptions): ProcessAttachment {
  let firstAskedAt: number | undefined;

  function stop(reason: string, exitCode = 0): void {
    if (firstAskedAt !== undefined) {
      process.exitCode = Math.max(exitCode, Number(process.exitCode ?? 0));
      return;
    }
    firstAskedAt = monotonicNow();
    process.exitCode = exitCode;
    forceAfterBudget();
    void shutdown.stop(reason).then(({ clean }) => {
      if (!clean) force('a stop step did not end well');
    });
  }

  /** Doesn't keep the process alive itself: if nothing else does, there is nobody to force. */
  function forceAfterBudget(): void {
    setTimeout(() => {
      force(
        `still alive after ${shutdown.budgetMs} ms, held by ${process.getActiveResourcesInfo().join(', ')}`,
      );
    }, shutdown.budgetMs).unref();
  }

  function force(why: string): void {
    logger.fatal({ why }, 'forced exit');
    exitProcess(1);
  }

  function crash(error: unknown, origin: string): void {
    try {
      logger.fatal({ err: error, origin }, 'crashed');
    } finally {
      exitProcess(1);
    }
  }

  endWhenIdle();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (firstAskedAt === undefined) stop(signal);
      else if (monotonicNow() - firstAskedAt > ECHO_MS) force(`a second signal, ${signal}`);
    });
  }
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', (reason) => crash(reason, 'unhandledRejection'));
  return { stop };
}
