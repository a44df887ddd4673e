import { recordingStatuses } from '@trunkline/recordings';
import type { Command } from 'commander';
import type { OnBench } from '../on-bench.ts';
import { withExamples, withJson, withPage, withScope, type JsonOption } from '../options/common.ts';
import { oneOf } from '../options/read-option.ts';
import { runRecordingsDownload } from './recordings-download.ts';
import { runRecordingsKeep, type RecordingsKeepOptions } from './recordings-keep.ts';
import { runRecordingsList, type RecordingsListOptions } from './recordings-list.ts';
import { runRecordingsShow } from './recordings-show.ts';

const example = '0b0e1cf0-6f0a-4d3c-9a54-6b9d3a1c2e7f';
const idHelp = 'its id, as "recordings list" shows it';

export function addRecordingsCommands(trunkline: Command, onBench: OnBench): void {
  const recordings = trunkline
    .command('recordings')
    .description('what PBXs recorded, and where its sound is');
  withExamples(
    withPage(withScope(recordings.command('list'))),
    'recordings list --status failed',
    'recordings list --call 1764003600.17',
  )
    .option('--call <call>', "only those of this call, by the PBX's own name for it")
    .option('--status <status>', `only these: ${recordingStatuses.join(', ')}`, oneOf(recordingStatuses))
    .description('recordings, those that became ready last first')
    .action((options: RecordingsListOptions) => onBench((bench) => runRecordingsList(bench, options)));
  withExamples(withJson(recordings.command('show')), `recordings show ${example}`)
    .argument('<recording>', idHelp)
    .description('one of them, and why its sound is not here')
    .action((id: string, options: JsonOption) => onBench((bench) => runRecordingsShow(bench, id, options)));
  withExamples(recordings.command('download'), `recordings download ${example} call.wav`)
    .argument('<recording>', idHelp)
    .argument('<file>', 'where to write it; nothing is written over')
    .description('writes the sound of one to a file; who did is in the audit')
    .action((id: string, file: string) => onBench((bench) => runRecordingsDownload(bench, id, file)));
  withExamples(
    withJson(recordings.command('keep')),
    'recordings keep --tenant Acme',
    'recordings keep --tenant Acme --days 90',
    'recordings keep --tenant Acme --days forever',
  )
    .option('--tenant <name>', 'whose recordings they are')
    .option('--days <days>', 'delete what is older than so many days; or forever')
    .description('tells or sets how long a tenant keeps recordings')
    .action((options: RecordingsKeepOptions) => onBench((bench) => runRecordingsKeep(bench, options)));
}
