import { describeCommands, type CommandDescription } from '../../apps/cli/src/describe-commands.ts';
import { code, generatedNote, prose, table } from './markdown.ts';

const head = `${generatedNote('the commands that the command line declares')}

# The command line

\`npm run trunkline -- <command>\` in a checkout, where it finds the stores of the system that runs there; elsewhere
\`node apps/cli/src/main.ts <command>\` with \`DATABASE_URL\` and \`REDIS_URL\`. Every command has \`--help\`. What holds for all of
them (exit codes, pages, \`--json\`) and how stuck calls are ended stands in [apps/cli](../../apps/cli/README.md).`;

/** docs/reference/cli.md. */
export function cliPage(): string {
  const groups = describeCommands();
  const commands = groups.flatMap(leavesOf);
  const contents = table(
    ['command', 'what it does'],
    commands.map(({ name, description }) => [`[${code(name)}](#${anchorOf(name)})`, prose(description)]),
  );
  return `${[head, contents, ...commands.map(showCommand)].join('\n\n')}\n`;
}

const leavesOf = (command: CommandDescription): readonly CommandDescription[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

const anchorOf = (name: string): string => name.replaceAll(' ', '-');

function showCommand({
  name,
  description,
  usage,
  options,
  examples,
  ...command
}: CommandDescription): string {
  const called = command.arguments.map((argument) => [
    code(argument.name),
    prose(`${argument.description}${defaultOf(argument.default)}`),
  ]);
  const given = options.map((option) => [
    code(option.flags),
    prose(`${option.description}${option.needed ? ' (needed)' : ''}${defaultOf(option.default)}`),
  ]);
  const parts = [
    `## ${name}`,
    prose(sentence(description)),
    ['```sh', usage, ...examples, '```'].join('\n'),
    ...(called.length + given.length === 0 ? [] : [table(['option', 'meaning'], [...called, ...given])]),
  ];
  return parts.join('\n\n');
}

const defaultOf = (value: string | undefined): string =>
  value === undefined ? '' : `; ${value} unless given`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
