import type { CallRow } from '@trunkline/realtime-client';
import { useRow, useTopic } from '@trunkline/realtime-react';
import { useEffect } from 'react';
import { useResource } from '../api/use-api.ts';
import { named } from './known-parties.ts';
import { callApiPath, type CallDetail } from './listed-call.ts';

/** While nothing live tells of changes. */
const everyMs = 15_000;

/** A call as the API tells it, with whom it knows, read again whenever the live word of it changes; and that word, which is newer. */
export function useCallDetail(of: { readonly pbx: string; readonly call: string }) {
  useTopic('calls');
  const live: CallRow | undefined = useRow('call', `${of.pbx}/${of.call}`);
  const asked = useResource<CallDetail>(callApiPath(of), { everyMs });
  const { data, refetch } = asked;
  const revision = live?.revision;
  useEffect(() => {
    if (revision !== undefined) void refetch();
  }, [revision, refetch]);
  const known = data === undefined ? live : live !== undefined && live.revision > data.revision ? live : data;
  return { ...asked, call: known && named(known, data) };
}
