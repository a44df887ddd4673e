import type { DeadLetter } from '../../api/answers.ts';

type Placed = Pick<DeadLetter, 'id' | 'group' | 'shard' | 'entryId'>;

/** Their names count upwards, whichever worker gave them: `1796073905-2`, `<pbx>/1/77`. */
const entries = new Intl.Collator('en', { numeric: true });

const compareEntries = (one: string, other: string): number => entries.compare(one, other);

/** Of the letters that are known, those next to one in its shard. */
export function neighboursOf<Letter extends Placed>(
  letter: Placed,
  letters: readonly Letter[],
): { readonly before: Letter | null; readonly after: Letter | null } {
  const beside = letters.filter(
    ({ id, group, shard }) => group === letter.group && shard === letter.shard && id !== letter.id,
  );
  const sorted = beside.toSorted((a, b) => compareEntries(a.entryId, b.entryId));
  return {
    before: sorted.findLast(({ entryId }) => compareEntries(entryId, letter.entryId) <= 0) ?? null,
    after: sorted.find(({ entryId }) => compareEntries(entryId, letter.entryId) > 0) ?? null,
  };
}
