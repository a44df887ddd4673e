import type { CallRow } from '@trunkline/realtime-client';
import { useRow, useRows } from './use-rows.ts';
import { useTopic } from './use-topic.ts';

/** The open calls, and for 5 s those that have ended; of one phone where `extension` is given. */
export function useCalls(
  filter?: (call: CallRow) => boolean,
  { extension }: { readonly extension?: string } = {},
): readonly CallRow[] {
  useTopic(extension === undefined ? 'calls' : `calls:${extension}`);
  return useRows(
    'call',
    (call) => (extension === undefined || call.extensions.includes(extension)) && (filter?.(call) ?? true),
  );
}

/** One call, as long as it is open and for 5 s after. */
export function useCall(pbx: string, call: string): CallRow | undefined {
  useTopic('calls');
  return useRow('call', `${pbx}/${call}`);
}
