import { useRows, useTopic } from '@trunkline/realtime-react';
import { useMemo } from 'react';
import { usePbxs } from './use-pbxs.ts';
import { nameOfLink, wordsOfLink } from './link-words.ts';
import { mergeLinks } from './merge-link.ts';

/** Every link as it stands now, worst first, then by name. */
export function useLinks() {
  const topic = useTopic('pbx');
  const live = useRows('link');
  const asked = usePbxs();
  const items = asked.data?.items;
  const links = useMemo(
    () =>
      mergeLinks(live, items ?? []).toSorted(
        (a, b) => wordsOfLink(a).rank - wordsOfLink(b).rank || nameOfLink(a).localeCompare(nameOfLink(b)),
      ),
    [live, items],
  );
  return { links, topic, asked };
}
