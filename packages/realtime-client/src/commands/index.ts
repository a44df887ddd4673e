export {
  createCommands,
  type CommandOptions,
  type Commands,
  type CommandsOptions,
  type SettledCommand,
} from './commands.ts';
export { CommandError } from './command-error.ts';
export type { CommandStorage, StoredCommand } from './command-storage.ts';
