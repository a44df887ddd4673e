import type { LinkRow } from '@trunkline/realtime-client';
import type { LinkDetails } from '../api/answers.ts';

/** A link as pages show it: all that is told of it live, and what only asking tells. */
export interface ShownLink extends LinkRow {
  /** Null: not known yet. */
  readonly openCalls: number | null;
  readonly engagedExtensions: number | null;
  readonly link: LinkDetails | null;
}

type Asked = Required<LinkRow> & {
  readonly openCalls: number;
  readonly engagedExtensions: number;
  readonly link: LinkDetails;
};

/**
 * Live news and the last answer of the API, whichever knows more. A lease that ends is told by no news, so the answer
 * decides whether somebody holds the link; unless news came after it, since whoever tells news holds the link.
 */
export function mergeLink(live: LinkRow | undefined, asked: Asked | undefined): ShownLink | null {
  if (asked === undefined)
    return live === undefined ? null : { ...live, openCalls: null, engagedExtensions: null, link: null };
  if (live === undefined || live.revision <= asked.revision) return asked;
  const { name, vendor, enabled, openCalls, engagedExtensions, link } = asked;
  return { name, vendor, enabled, ...live, held: true, openCalls, engagedExtensions, link };
}

/** All links, by either way, in no particular order. */
export function mergeLinks(live: readonly LinkRow[], asked: readonly Asked[]): ShownLink[] {
  const lives = new Map(live.map((link) => [link.pbx, link]));
  const known = new Map(asked.map((link) => [link.pbx, link]));
  return [...new Set([...lives.keys(), ...known.keys()])].flatMap(
    (pbx) => mergeLink(lives.get(pbx), known.get(pbx)) ?? [],
  );
}
