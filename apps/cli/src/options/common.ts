import { pageLimits } from '@trunkline/database';
import { Option, type Command } from 'commander';
import { duration, wholeNumber } from './read-option.ts';

export interface JsonOption {
  readonly json?: boolean;
}

export interface PageOptions extends JsonOption {
  readonly limit: number;
  readonly after?: string;
}

export interface ScopeOptions {
  readonly tenant?: string;
  readonly pbx?: string;
}

export const withJson = (command: Command): Command => command.option('--json', 'for programs');

export const withScope = (command: Command): Command =>
  command
    .option('--tenant <name>', 'only what belongs to this tenant')
    .option('--pbx <name>', 'only this PBX, by name or id');

export const withPage = (command: Command): Command =>
  withJson(command)
    .option(
      '--limit <count>',
      `how many, up to ${pageLimits.max}`,
      wholeNumber(1, pageLimits.max),
      pageLimits.default,
    )
    .option('--after <cursor>', 'goes on where a page ended; it says how');

/** An option that takes a length of time. Its default is shown as people write it, not as the milliseconds it is. */
export const lengthOfTime = (flags: string, description: string, byDefault: string): Option =>
  new Option(flags, description).argParser(duration).default(duration(byDefault), byDefault);

/** What each command's help shows at its end, for whoever writes the help down elsewhere. */
const examplesByCommand = new WeakMap<Command, readonly string[]>();

export const examplesOf = (command: Command): readonly string[] => examplesByCommand.get(command) ?? [];

/** Examples at the end of a command's help. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `trunkline ${example}`);
  examplesByCommand.set(command, lines);
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
}
