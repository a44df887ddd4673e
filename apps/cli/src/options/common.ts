import { pageLimits } from '@trunkline/database';
import type { Command } from 'commander';
import { wholeNumber } from './read-option.ts';

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

/** Examples at the end of a command's help. */
export const withExamples = (command: Command, ...examples: readonly string[]): Command =>
  command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((example) => `  $ trunkline ${example}`).join('\n')}`,
  );
