import { Command } from 'commander';
import { addCallsCommands } from './calls/add-calls-commands.ts';
import { addCleanupRunsCommands } from './cleanup-runs/add-cleanup-runs-commands.ts';
import { addContactsCommands } from './contacts/add-contacts-commands.ts';
import { addDeadLettersCommands } from './dead-letters/add-dead-letters-commands.ts';
import { addMigrateCommand } from './migrate/add-migrate-command.ts';
import type { OnBench } from './on-bench.ts';
import type { Terminal } from './output/terminal.ts';
import { addPbxCommands } from './pbx/add-pbx-commands.ts';
import { addRecordingsCommands } from './recordings/add-recordings-commands.ts';
import { addScheduleCommands } from './schedule/add-schedule-commands.ts';
import { addStatusCommand } from './status/add-status-command.ts';
import { addTenantCommands } from './tenant/add-tenant-commands.ts';
import { addWebhooksCommands } from './webhooks/add-webhooks-commands.ts';

/** Every command there is. docs/reference/cli.md is made of it. */
export function createProgram(onBench: OnBench, terminal: Pick<Terminal, 'out' | 'note'>): Command {
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
  addRecordingsCommands(trunkline, onBench);
  addWebhooksCommands(trunkline, onBench);
  addContactsCommands(trunkline, onBench);
  addMigrateCommand(trunkline, onBench);
  return trunkline;
}
