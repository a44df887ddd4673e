import type { Argument, Command, Option } from 'commander';
import { examplesOf } from './options/common.ts';
import { createProgram } from './program.ts';

export interface CommandDescription {
  /** What follows `trunkline`, such as `calls list`. */
  readonly name: string;
  readonly description: string;
  /** How it is called, with arguments and options. */
  readonly usage: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly default?: string;
  }[];
  readonly options: readonly OptionDescription[];
  readonly examples: readonly string[];
  /** The commands of a group; a group does nothing by itself. */
  readonly commands: readonly CommandDescription[];
}

export interface OptionDescription {
  readonly flags: string;
  readonly description: string;
  /** Without it the command is not run. */
  readonly needed: boolean;
  readonly default?: string;
}

/** Every command as data, as its help tells it. */
export function describeCommands(): readonly CommandDescription[] {
  const nowhere = { out: () => undefined, note: () => undefined };
  const trunkline = createProgram(() => Promise.resolve(), nowhere);
  return trunkline.commands.map((command) => describe(command, []));
}

function describe(command: Command, above: readonly string[]): CommandDescription {
  const path = [...above, command.name()];
  const help = command.createHelp();
  return {
    name: path.join(' '),
    description: command.description(),
    usage: `trunkline ${path.join(' ')} ${command.usage()}`.trimEnd(),
    arguments: help.visibleArguments(command).map(describeArgument),
    options: help.visibleOptions(command).filter(isOwn).map(describeOption),
    examples: examplesOf(command),
    commands: command.commands.map((each) => describe(each, path)),
  };
}

/** Every command has the one for help. */
const isOwn = ({ long }: Option): boolean => long !== '--help';

function describeArgument(argument: Argument): CommandDescription['arguments'][number] {
  const { description, defaultValue } = argument;
  const byDefault = textOf(defaultValue);
  return { name: argument.name(), description, ...(byDefault !== undefined && { default: byDefault }) };
}

function describeOption({ flags, description, mandatory, ...option }: Option): OptionDescription {
  const byDefault = option.defaultValueDescription ?? textOf(option.defaultValue);
  // What --no-… leaves on is no value that anybody gives.
  const shown = option.negate || byDefault === undefined ? {} : { default: byDefault };
  return { flags, description, needed: mandatory, ...shown };
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
