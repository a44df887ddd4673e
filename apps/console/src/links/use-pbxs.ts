import type { PbxDetail } from '../api/answers.ts';
import { useResource } from '../api/use-api.ts';

/** Who holds a link, and how many calls there are, is told by asking; all else comes by itself. */
const askMs = 5_000;

export const usePbxs = () =>
  useResource<{ readonly items: readonly PbxDetail[] }>('/v1/links', { everyMs: askMs });

/** The name of a PBX by its id; a short id until it is known. */
export function usePbxNames(): (pbx: string) => string {
  const { data } = usePbxs();
  return (pbx) => data?.items.find((each) => each.pbx === pbx)?.name ?? `PBX ${pbx.slice(0, 8)}`;
}
