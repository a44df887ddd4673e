import { listDeadLetters, type ListedDeadLettersFilter } from '@trunkline/database';
import type { Bench } from '../bench.ts';
import type { PageOptions } from '../options/common.ts';
import { resolveScope } from '../options/resolve-scope.ts';
import { showPage } from '../output/show-page.ts';
import { when } from '../output/when.ts';

export interface DeadLettersListOptions
  extends PageOptions, Pick<ListedDeadLettersFilter, 'group' | 'state'> {
  readonly pbx?: string;
  readonly all?: boolean;
}

const errorShownMax = 80;

/** Those that wait for somebody, unless others are asked for. */
export async function runDeadLettersList(bench: Bench, options: DeadLettersListOptions): Promise<void> {
  const { group, pbx, all = false, limit, after } = options;
  const state = options.state ?? (all ? undefined : 'parked');
  const database = await bench.database();
  const page = await database.transaction(async (transaction) => {
    const { pbx: source } = await resolveScope(transaction, pbx === undefined ? {} : { pbx });
    return await listDeadLetters(transaction, { group, source, state }, { limit, after });
  });
  showPage(bench.terminal, page, options, {
    columns: ['failed (UTC)', 'group', 'pbx', 'event', 'state', 'error', 'letter'],
    rowOf: (letter) => ({
      'failed (UTC)': when(letter.failedAt),
      group: letter.group,
      pbx: letter.pbxName ?? letter.source ?? '?',
      event: letter.type ?? '?',
      state: letter.state,
      error: letter.error.split('\n', 1)[0]?.slice(0, errorShownMax) ?? '',
      letter: letter.id,
    }),
    nothing: state === 'parked' ? 'No dead letters are waiting.' : 'There are no dead letters like that.',
  });
}
