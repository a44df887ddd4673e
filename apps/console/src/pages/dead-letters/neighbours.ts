import type { DeadLetter } from '../../api/answers.ts';

type Placed = Pick<DeadLetter, 'id' | 'group' | 'shard' | 'entryId'>;

/** Entries are `<milliseconds>-<number>`, and no string order. */
function compareEntries(one: string, other: string): number {
  const [ms = 0, seq = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number);
  return ms - otherMs || seq - otherSeq;
}

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
