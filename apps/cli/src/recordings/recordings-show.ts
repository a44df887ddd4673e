import type { ListedRecording } from '@trunkline/recordings';
import type { Bench } from '../bench.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { facts } from '../output/table.ts';
import { when, whenAndAgo } from '../output/when.ts';
import { findRecording } from './find-recording.ts';
import { sizeOf } from './recordings-list.ts';

export async function runRecordingsShow(
  bench: Bench,
  id: string,
  { json = false }: JsonOption,
): Promise<void> {
  const found = await findRecording(bench, id);
  if (json) return showJson(bench.terminal, found);
  bench.terminal.out(facts(factsOf(found, bench.now())));
}

const factsOf = (found: ListedRecording, now: Date): (readonly [string, string])[] => [
  ['recording', found.id],
  ['called', found.recording],
  ['tenant', found.tenant],
  ['pbx', found.pbxName],
  ['call', found.call ?? '-'],
  ['ready', whenAndAgo(found.readyAt, now)],
  ['state', found.status],
  ['attempts', String(found.attempts)],
  ['problem', found.problem ?? '-'],
  ['sound', found.contentType === null ? '-' : `${found.contentType}, ${sizeOf(found.bytes)}`],
  ['sha-256', found.sha256 ?? '-'],
  ['stored', when(found.storedAt)],
  ['deleted', when(found.deletedAt)],
];
