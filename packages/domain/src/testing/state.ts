import { showCall } from '../call/show-call.ts';
import { showExtension } from '../extension/extension.ts';
import type { News, PbxNews } from '../news/gather.ts';

/**
 * The whole state that news add up to, facts and what is shown, as plain values in a fixed order: what tables must
 * hold after the same history, and what two ways of hearing it are compared by.
 */
export function stateOf(news: News) {
  return sorted([...news]).map(([pbx, pbxNews]) => ({ pbx, ...stateOfPbx(pbxNews) }));
}

function stateOfPbx({ calls, extensions, recordings, floors }: PbxNews) {
  return {
    calls: sorted([...calls]).map(([key, call]) => ({ key, ...call, shown: showCall(call, floors) })),
    extensions: sorted([...extensions]).map(([number, extension]) => ({
      number,
      ...extension,
      shown: showExtension(extension, floors),
    })),
    recordings: sorted([...recordings]).map(([key, recording]) => ({ key, ...recording })),
  };
}

const sorted = <Key extends string, Value>(entries: [Key, Value][]): [Key, Value][] =>
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
