import { ReadError } from '@trunkline/database';
import { adapters } from '@trunkline/pbx';
import { readSettings } from '@trunkline/service-kit';
import { WebhookError } from '@trunkline/webhooks';
import { CommanderError } from 'commander';
import { openBench } from './bench.ts';
import { exitCodes, UsageError } from './failure.ts';
import type { OnBench } from './on-bench.ts';
import { describeFailure } from './output/describe-failure.ts';
import type { Terminal } from './output/terminal.ts';
import { createProgram } from './program.ts';
import { cliSettings } from './settings.ts';

export interface CliOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborts when the operator wants to stop. */
  readonly signal?: AbortSignal;
}

/** Runs one command and gives the exit code: 0 done, 1 failed, 2 bad usage. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<number> {
  const { env, terminal, signal = new AbortController().signal } = options;
  const onBench: OnBench = async (work) => {
    const settings = readSettings(cliSettings, env, { warn: () => undefined });
    await using bench = openBench({ settings, terminal, env, adapters, signal });
    await work(bench);
  };
  try {
    await createProgram(onBench, terminal).parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (thrown) {
    const error = firstOf(thrown);
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    terminal.note(signal.aborted ? 'Stopped. What was done until then stays.' : describeFailure(error));
    const isUsage = error instanceof UsageError || error instanceof ReadError || isRefused(error);
    return isUsage ? exitCodes.badUsage : exitCodes.failed;
  }
}

/** What a webhook can't be like. One that is not there, or one too many, is no mistake in the command. */
const isRefused = (error: unknown): boolean => error instanceof WebhookError && error.problem === 'invalid';

/** What went wrong first; what closing had to say about it as well is a consequence. */
const firstOf = (thrown: unknown): unknown =>
  thrown instanceof SuppressedError ? firstOf(thrown.suppressed) : thrown;
