export { CommandError, commandProblems, type CommandProblem } from './command-error.ts';
export { commandQueue } from './command-queue.ts';
export {
  commandSchema,
  dialledNumber,
  isCallControl,
  resultSchemas,
  type Command,
  type CommandKind,
  type CommandResult,
  type ResultOf,
} from './command.ts';
export {
  COMMAND_TUNING,
  createCommandServer,
  type CommandContext,
  type CommandHandler,
  type CommandServer,
  type CommandServerOptions,
  type CommandTuning,
} from './create-command-server.ts';
export {
  createPbxCommands,
  type PbxCommands,
  type PbxCommandsOptions,
  type SendOptions,
} from './create-pbx-commands.ts';
export type { Outcome } from './envelope.ts';
