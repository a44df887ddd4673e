import type { CallRow } from '@trunkline/realtime-client';
import { useResource } from '../api/use-api.ts';
import { named, type KnownParties } from '../calls/known-parties.ts';
import { callApiPath } from '../calls/listed-call.ts';
import { useMay } from '../session/session-provider.tsx';

/** A call that rings, with whom the API knows: it is asked once a call, and until it answers the PBX's words stand there. */
export function useNamedCall(call: CallRow): CallRow {
  const isWanted = useMay('contacts:read');
  const { data } = useResource<KnownParties>(callApiPath(call), { isWanted });
  return named(call, data);
}
