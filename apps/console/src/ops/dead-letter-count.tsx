import { useResource, type PageOf } from '../api/use-api.ts';

const askMs = 60_000;
/** Beyond so many nobody counts. */
const countedMax = 99;

/** How many dead letters wait for somebody; nothing where there are none. */
export function DeadLetterCount() {
  const { data } = useResource<PageOf<object>>('/v1/dead-letters', {
    query: { state: 'parked', limit: countedMax + 1 },
    everyMs: askMs,
  });
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return <span title="Dead letters that wait">{count > countedMax ? `${countedMax}+` : count}</span>;
}
