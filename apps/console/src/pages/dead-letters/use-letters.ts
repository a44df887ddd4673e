import { useEffect } from 'react';
import type { DeadLetter } from '../../api/answers.ts';
import { usePages } from '../../api/use-api.ts';

const pageSize = 500;
/** Groups and counts are of these; more are said to be more. */
const lettersMax = 5_000;
const askMs = 30_000;

/** All letters of a state and a PBX, up to a bound: a count in a button must not be a guess. */
export function useLetters(state: string, pbx: string) {
  const asked = usePages<DeadLetter>('/v1/dead-letters', {
    query: { state, pbx, limit: pageSize },
    everyMs: askMs,
  });
  const letters = asked.data?.pages.flatMap(({ items }) => items) ?? [];
  const { hasNextPage, isFetching, isError, fetchNextPage } = asked;
  const wantsMore = hasNextPage && !isFetching && !isError && letters.length < lettersMax;
  useEffect(() => {
    if (wantsMore) void fetchNextPage();
  }, [wantsMore, fetchNextPage]);
  return { asked, letters, isAll: asked.data !== undefined && !hasNextPage };
}
