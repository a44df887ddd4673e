import { columnTargets, encodings, mergePolicies } from '@trunkline/contacts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, withPage, type JsonOption } from '../options/common.ts';
import { oneOf, someOf } from '../options/read-option.ts';
import { runContactsImport, type ContactsImportOptions } from './contacts-import.ts';
import { runContactsList, type ContactsListOptions } from './contacts-list.ts';
import { runContactsShow } from './contacts-show.ts';
import { runImportsCancel, runImportsList, type ImportsListOptions } from './imports.ts';

const example = '0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f';

const delimiterNames = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const;
const delimiterNamed = (text: string) => {
  if (text in delimiterNames) return delimiterNames[text as keyof typeof delimiterNames];
  throw new InvalidArgumentError(`It is one of ${Object.keys(delimiterNames).join(', ')}.`);
};

export function addContactsCommands(trunkline: Command, onBench: OnBench): void {
  const contacts = trunkline.command('contacts').description('whom a tenant knows, by number and address');
  withExamples(
    withPage(contacts.command('list')),
    'contacts list --search lovelace',
    'contacts list --tag vip',
  )
    .option('--tenant <name>', 'whose contacts; needed where there are several tenants')
    .option('--search <text>', 'a part of a name, a company, an address or a number')
    .option('--tag <tag>', 'only those that have it')
    .description('contacts by name')
    .action((options: ContactsListOptions) => onBench((bench) => runContactsList(bench, options)));
  withExamples(withJson(contacts.command('show')), `contacts show ${example}`)
    .argument('<contact>', 'its id, as "contacts list" shows it')
    .description('one of them')
    .action((id: string, options: JsonOption) => onBench((bench) => runContactsShow(bench, id, options)));
  addImportCommand(contacts, onBench);
  const imports = trunkline.command('imports').description('imports of contacts');
  withExamples(withPage(imports.command('list')), 'imports list --tenant Acme')
    .option('--tenant <name>', 'only those of this tenant')
    .description('imports and how they stand, newest first')
    .action((options: ImportsListOptions) => onBench((bench) => runImportsList(bench, options)));
  withExamples(imports.command('cancel'), `imports cancel ${example}`)
    .argument('<import>', 'its id, as "imports list" shows it')
    .description('ends it at its next chunk; what was done stays')
    .action((id: string) => onBench((bench) => runImportsCancel(bench, id)));
}

function addImportCommand(contacts: Command, onBench: OnBench): void {
  withExamples(
    withJson(contacts.command('import')),
    'contacts import customers.csv --dry-run',
    'contacts import customers.csv --policy update --columns name,phone,ignore,email --yes',
  )
    .argument('<file>', 'text with rows and columns, of any common encoding')
    .option('--tenant <name>', 'whose contacts; needed where there are several tenants')
    .addOption(
      new Option(
        '--policy <policy>',
        'skip: known contacts stay as they are; fill: blanks are filled; update: the file counts',
      )
        .choices([...mergePolicies])
        .default('fill'),
    )
    .option('--dry-run', 'counts what would be done, and does none of it')
    .option(
      '--columns <columns>',
      `what the columns hold, in order: ${columnTargets.join(', ')}`,
      someOf(columnTargets),
    )
    .option('--encoding <encoding>', `one of ${encodings.join(', ')}, instead of the guess`, oneOf(encodings))
    .option('--delimiter <delimiter>', 'comma, semicolon, tab or pipe, instead of the guess', delimiterNamed)
    .option('--rejected <file>', 'where refused rows are written; rejected.csv unless given')
    .option('--yes', 'imports as the preview guesses, without a question')
    .description('shows what a file seems to be, imports it, and follows how it goes')
    .action((file: string, options: ContactsImportOptions) =>
      onBench((bench) => runContactsImport(bench, file, options)),
    );
}
