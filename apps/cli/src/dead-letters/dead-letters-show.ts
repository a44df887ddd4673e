import { readDeadLetter, type DeadLetterDetail } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import { Failure } from '../failure.ts';
import type { JsonOption } from '../options/common.ts';
import { showJson } from '../output/show-page.ts';
import { facts } from '../output/table.ts';
import { whenAndAgo } from '../output/when.ts';

export async function runDeadLettersShow(
  bench: Bench,
  id: string,
  { json = false }: JsonOption,
): Promise<void> {
  const letter = await findLetter(bench, id);
  if (json) return showJson(bench.terminal, letter);
  bench.terminal.out(facts(factsOf(letter, bench.now())));
}

export async function findLetter(bench: Bench, id: string): Promise<DeadLetterDetail> {
  const database = await bench.database();
  const letter = await database.transaction((transaction) => readDeadLetter(transaction, id));
  if (letter !== null) return letter;
  throw new Failure(
    `There is no dead letter ${id}. "trunkline dead-letters list --all" shows those there are.`,
  );
}

function factsOf(letter: DeadLetterDetail, now: Date): (readonly [string, string])[] {
  const { epoch, seq, resolvedAt, resolvedBy } = letter;
  return [
    ['letter', letter.id],
    ['group', letter.group],
    ['state', letter.state],
    ['pbx', letter.pbxName === null ? (letter.source ?? 'unknown') : `${letter.pbxName} (${letter.source})`],
    ['event', letter.type ?? 'unknown'],
    ['place', `shard ${letter.shard}, entry ${letter.entryId}, epoch ${epoch ?? '?'}, number ${seq ?? '?'}`],
    ['failed', whenAndAgo(letter.failedAt, now)],
    ['attempts', String(letter.attempts)],
    ['error', letter.error],
    ['payload', letter.payload],
    ...(letter.traceparent === null ? [] : [['trace', letter.traceparent] as const]),
    ...(resolvedAt === null
      ? []
      : [[letter.state, `${whenAndAgo(resolvedAt, now)} by ${resolvedBy ?? 'somebody'}`] as const]),
  ];
}
