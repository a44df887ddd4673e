import type { DeadLetter, LetterGroups } from '../../api/answers.ts';
import { usePages, useResource } from '../../api/use-api.ts';
import { useParam } from '../../ops/use-param.ts';

const pageSize = 100;
const askMs = 15_000;

/** What is looked at, as the address has it. */
export function useLetterFilter() {
  const [state, setState] = useParam('state');
  const [pbx, setPbx] = useParam('pbx');
  const [worker, setWorker] = useParam('worker');
  const [error, setError] = useParam('error');
  return {
    state: state === '' ? 'parked' : state,
    setState,
    pbx,
    setPbx,
    worker,
    setWorker,
    error,
    setError,
  };
}

type Filter = Pick<ReturnType<typeof useLetterFilter>, 'state' | 'pbx' | 'worker' | 'error'>;

/** Of a filter those members that say anything, as the API names them. */
export const queryOf = ({
  pbx,
  worker,
  error,
}: Pick<Filter, 'pbx' | 'worker' | 'error'>): Record<string, string> =>
  Object.fromEntries(Object.entries({ pbx, group: worker, error }).filter(([, value]) => value !== ''));

export function useLetters(filter: Filter) {
  const { state } = filter;
  const groups = useResource<LetterGroups>('/v1/dead-letters/groups', {
    query: { state, ...queryOf({ ...filter, error: '' }) },
    everyMs: askMs,
  });
  const letters = usePages<DeadLetter>('/v1/dead-letters', {
    query: { state, ...queryOf(filter), limit: pageSize },
    everyMs: askMs,
  });
  const matching = (groups.data?.items ?? []).filter(
    ({ error }) => filter.error === '' || error === filter.error,
  );
  return {
    groups,
    letters,
    items: letters.data?.pages.flatMap(({ items }) => items) ?? [],
    /** Of all that match, also those that are not listed yet. */
    total: matching.reduce((sum, { count }) => sum + count, 0),
  };
}
