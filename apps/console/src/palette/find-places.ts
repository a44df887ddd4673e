import type { CallRow, ExtensionRow, LinkRow } from '@trunkline/realtime-client';
import { callPath } from '../calls/call-path.ts';
import { calleeText, callerText, statusWord } from '../calls/call-words.ts';
import { nameOfLink, wordsOfLink } from '../links/link-words.ts';

export type PlaceKind = 'page' | 'phone' | 'call' | 'pbx';

/** Somewhere to go. */
export interface Place {
  readonly kind: PlaceKind;
  readonly href: string;
  readonly label: string;
  /** What tells it from others of its kind. */
  readonly detail: string;
}

export interface Known {
  /** Those that this person may see. */
  readonly pages: readonly { readonly path: string; readonly title: string }[];
  readonly phones: readonly ExtensionRow[];
  readonly calls: readonly CallRow[];
  readonly links: readonly LinkRow[];
  readonly maySeeLinks: boolean;
}

/** Of each kind; whoever wants another types one more letter. */
export const shownMax = 8;

/** What the words may mean: names that begin so come before those that only contain it. */
export function findPlaces(text: string, known: Known): Place[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const names = new Map(known.links.map((link) => [link.pbx, nameOfLink(link)]));
  const pages = known.pages.map(({ path, title }): Place => ({
    kind: 'page',
    href: path,
    label: title,
    detail: '',
  }));
  const phones = known.phones.map(({ pbx, extension, name }): Place => ({
    kind: 'phone',
    href: `/wall?phone=${encodeURIComponent(`${pbx}/${extension}`)}`,
    label: [extension, name].filter((part) => part !== null).join(' '),
    detail: names.get(pbx) ?? '',
  }));
  const calls = known.calls
    .filter(({ status }) => status !== 'ended')
    .map((call): Place => ({
      kind: 'call',
      href: callPath(call),
      label: `${callerText(call)} → ${calleeText(call)}`,
      detail: [statusWord(call.status), ...call.extensions].join(' · '),
    }));
  const links = known.links.map((link): Place => ({
    kind: 'pbx',
    href: known.maySeeLinks ? `/ops/links/${link.pbx}` : `/wall?group=${link.pbx}`,
    label: nameOfLink(link),
    detail: wordsOfLink(link).word,
  }));
  // Without a word there would be a list of everything, so there are the pages.
  const searched = words.length === 0 ? [pages, links] : [pages, phones, calls, links];
  return searched.flatMap((places) => best(places, words));
}

const byName = new Intl.Collator('en', { numeric: true });

function best(places: readonly Place[], words: readonly string[]): Place[] {
  const found: { readonly place: Place; readonly rank: number }[] = [];
  for (const place of places) {
    const label = place.label.toLowerCase();
    const told = `${label} ${place.detail.toLowerCase()}`;
    if (!words.every((word) => told.includes(word))) continue;
    found.push({ place, rank: words.every((word) => label.startsWith(word)) ? 0 : 1 });
  }
  const sorted =
    words.length === 0
      ? found
      : found.toSorted(
          (one, other) => one.rank - other.rank || byName.compare(one.place.label, other.place.label),
        );
  return sorted.slice(0, shownMax).map(({ place }) => place);
}
