import { ReadError } from '@trunkline/database';
import { adapters } from '@trunkline/pbx';
import { readSettings } from '@trunkline/service-kit';
import { WebhookError } from '@trunkline/webhooks';
import { Command, CommanderError } from 'commander';
import { openBench } from './bench.ts';
import { addCallsCommands } from './calls/add-calls-commands.ts';
import { addCleanupRunsCommands } from './cleanup-runs/add-cleanup-runs-commands.ts';
import { addDeadLettersCommands } from './dead-letters/add-dead-letters-commands.ts';
import { exitCodes, UsageError } from './failure.ts';
import { addMigrateCommand } from './migrate/add-migrate-command.ts';
import type { OnBench } from './on-bench.ts';
import { describeFailure } from './output/describe-failure.ts';
import type { Terminal } from './output/terminal.ts';
import { addPbxCommands } from './pbx/add-pbx-commands.ts';
import { addScheduleCommands } from './schedule/add-schedule-commands.ts';
import { cliSettings } from './settings.ts';
import { addStatusCommand } from './status/add-status-command.ts';
import { addTenantCommands } from './tenant/add-tenant-commands.ts';
import { addWebhooksCommands } from './webhooks/add-webhooks-commands.ts';

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
    await program(onBench, terminal).parseAsync([...args], { from: 'user' });
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

function program(onBench: OnBench, terminal: Terminal): Command {
  const trunkline = new Command('trunkline')
    .description("The operator's bench: what runs, what is wrong, and what to do about it.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError('(add --help to see how it is used)')
    .showSuggestionAfterError();
  addStatusCommand(trunkline, onBench);
  addCallsCommands(trunkline, onBench);
  addCleanupRunsCommands(trunkline, onBench);
  addScheduleCommands(trunkline, onBench);
  addDeadLettersCommands(trunkline, onBench);
  addPbxCommands(trunkline, onBench);
  addTenantCommands(trunkline, onBench);
  addWebhooksCommands(trunkline, onBench);
  addMigrateCommand(trunkline, onBench);
  return trunkline;
}
