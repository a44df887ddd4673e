import type { LinkRow } from '@trunkline/realtime-client';
import { nameOfLink } from '../../links/link-words.ts';
import type { Section } from './board.ts';

const naturally = new Intl.Collator('en', { numeric: true });

/**
 * Groups as people look for them: by the hundred of their numbers, then by the name of their PBX. The board has them in an order of its
 * own, which decides where two PBXs have the same name.
 */
export function inNameOrder(
  sections: readonly Section[],
  links: readonly Pick<LinkRow, 'pbx' | 'name'>[],
): readonly Section[] {
  const names = new Map(links.map((link) => [link.pbx, nameOfLink(link)]));
  const nameOf = ({ pbx }: Section): string => names.get(pbx) ?? nameOfLink({ pbx });
  return sections.toSorted(
    (a, b) => naturally.compare(a.range ?? '', b.range ?? '') || naturally.compare(nameOf(a), nameOf(b)),
  );
}
