import type { DeadLetter } from '../../api/answers.ts';

/** Letters that failed in the same way. */
export interface LetterGroup {
  /** The error without what differs from letter to letter. */
  readonly key: string;
  readonly count: number;
  readonly newestAt: string;
  readonly workers: readonly string[];
  readonly pbxs: readonly string[];
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const quoted = /"[^"]*"|'[^']*'/g;
const numbers = /\d+(?:[.-]\d+)*/g;

/** What two errors of the same kind have in common. */
export const errorKey = (error: string): string =>
  error.replaceAll(uuid, '…').replaceAll(quoted, '“…”').replaceAll(numbers, '#').slice(0, 200);

/** The most frequent first. */
export function groupLetters(letters: readonly DeadLetter[]): readonly LetterGroup[] {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const key = errorKey(letter.error);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [letter]);
    else group.push(letter);
  }
  return [...groups]
    .map(([key, some]) => ({
      key,
      count: some.length,
      newestAt: some.reduce((newest, { failedAt }) => (failedAt > newest ? failedAt : newest), ''),
      workers: [...new Set(some.map(({ group }) => group))],
      pbxs: [...new Set(some.map(({ pbxName, source }) => pbxName ?? source ?? '—'))],
    }))
    .toSorted((a, b) => b.count - a.count || b.newestAt.localeCompare(a.newestAt));
}
