import type { ExtensionRow } from '@trunkline/realtime-client';
import { useRow, useRows } from './use-rows.ts';
import { useTopic } from './use-topic.ts';

/** The phones. A board of many does better with `useExtension` in each tile. */
export function useExtensions(filter?: (extension: ExtensionRow) => boolean): readonly ExtensionRow[] {
  useTopic('extensions');
  return useRows('extension', filter);
}

/** One phone; what others do does not wake the component. */
export function useExtension(pbx: string, extension: string): ExtensionRow | undefined {
  useTopic('extensions');
  return useRow('extension', `${pbx}/${extension}`);
}
