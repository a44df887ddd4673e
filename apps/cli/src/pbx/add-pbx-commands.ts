import { Option, type Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, type JsonOption } from '../options/common.ts';
import { runPbxAdd, type PbxAddOptions } from './pbx-add.ts';
import { runPbxList } from './pbx-list.ts';
import { runPbxRemove } from './pbx-remove.ts';
import { runPbxRetry } from './pbx-retry.ts';
import { runPbxShow } from './pbx-show.ts';
import { runPbxSnapshot } from './pbx-snapshot.ts';

export function addPbxCommands(trunkline: Command, onBench: OnBench): void {
  const pbx = trunkline.command('pbx').description('PBXs and the links to them');
  addAdd(pbx, onBench);
  withExamples(
    withJson(pbx.command('list').option('--all', 'removed ones too')),
    'pbx list',
    "pbx list --json | jq -r '.[] | select(.link.alarm) | .name'",
  )
    .description('all PBXs and how their links stand')
    .action((options: JsonOption & { all?: boolean }) => onBench((bench) => runPbxList(bench, options)));
  withExamples(withJson(pbx.command('show')), 'pbx show "Head office"')
    .argument('<pbx>', 'name or id')
    .description('everything about one PBX and its link')
    .action((called: string, options: JsonOption) => onBench((bench) => runPbxShow(bench, called, options)));
  withExamples(pbx.command('remove'), 'pbx remove "Head office"')
    .argument('<pbx>', 'name or id')
    .description('closes its link for good; its calls and their history stay')
    .action((called: string) => onBench((bench) => runPbxRemove(bench, called)));
  withExamples(
    pbx.command('retry').option('--unblocked', 'our address was released on the PBX'),
    'pbx retry "Head office"',
  )
    .argument('<pbx>', 'name or id')
    .description('tries to connect now, with a new budget of logins')
    .action((called: string, options: { unblocked?: boolean }) =>
      onBench((bench) => runPbxRetry(bench, called, options)),
    );
  withExamples(pbx.command('snapshot'), 'pbx snapshot "Head office"')
    .argument('<pbx>', 'name or id')
    .description('asks the PBX now for all that goes on, and publishes it')
    .action((called: string) => onBench((bench) => runPbxSnapshot(bench, called)));
}

function addAdd(pbx: Command, onBench: OnBench): void {
  withExamples(
    pbx
      .command('add')
      .requiredOption('--vendor <vendor>', 'yeastar, asterisk-ari or asterisk-ami')
      .requiredOption(
        '--address <url>',
        'https://host:port, or tls://host:port for AMI; http and tcp are not encrypted',
      )
      .requiredOption(
        '--credential <name>',
        'name of the credential that connectors find in their environment or folder',
      )
      .option(
        '--trust <what>',
        'public, sha256:<fingerprint>, or @file with the certificate of its authority',
        'public',
      )
      .option('--tenant <name>', 'whose it is; needed where there are several tenants')
      .addOption(
        repeated('--option <name=value>', 'such as application=trunkline or extensionPattern=^PJSIP/(\\d+)'),
      )
      .option('--no-check', 'adds it without trying to reach it'),
    'pbx add "Head office" --vendor yeastar --address https://pbx.example.com:8088 --credential head-office',
    'pbx add Branch --vendor asterisk-ami --address tls://10.0.0.5:5039 --credential branch --trust sha256:9f86…',
  )
    .argument('<name>', 'what people call it')
    .description('adds a PBX after checking that it can be reached and logged in to')
    .action((name: string, options: PbxAddOptions) => onBench((bench) => runPbxAdd(bench, name, options)));
}

function repeated(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([], 'none')
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}
