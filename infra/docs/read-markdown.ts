/** What the checks of the manual need of a page: its links, the places that can be linked to, and what it has people type. */

export interface Link {
  readonly target: string;
  readonly line: number;
}

const fence = /^ *(`{3,}|~{3,})/;
const inlineCode = /`+[^`\n]*`+/g;

/** The lines of the page, those inside of fences as code. */
function linesOf(page: string): { readonly text: string; readonly line: number; readonly isCode: boolean }[] {
  let open: string | null = null;
  return page.split('\n').map((text, at) => {
    const mark = fence.exec(text)?.[1]?.slice(0, 3) ?? null;
    const isCode = open !== null || mark !== null;
    if (mark !== null) open = open === null ? mark : open === mark ? null : open;
    return { text, line: at + 1, isCode };
  });
}

const forms = [
  // [text](target), ![text](target) and [text](<target> "title")
  /\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)/g,
  // [name]: target
  /^ *\[[^\]]+\]: +<?([^\s>]+)>?/g,
  /\b(?:href|src|srcset)="([^"]*)"/g,
  // What is a link without being written as one.
  /(?<![(<"\w])(https?:\/\/[^\s)>"|]+)/g,
];

export const linksOf = (page: string): Link[] =>
  linesOf(page)
    .filter(({ isCode }) => !isCode)
    .flatMap(({ text, line }) => {
      const plain = text.replaceAll(inlineCode, 'code');
      return forms.flatMap((form) => [...plain.matchAll(form)].map(([, target = '']) => ({ target, line })));
    });

/** Where a link may lead within the page: what GitHub makes of its headings, and ids that it gives itself. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text, isCode } of linesOf(page)) {
    if (isCode) continue;
    const heading = /^#{1,6} +(.*?)(?: +#+)? *$/.exec(text)?.[1];
    if (heading !== undefined) anchors.add(unused(anchorOf(heading), anchors));
    for (const [, id = ''] of text.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
  }
  return anchors;
}

export const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation}\- ]/gu, '')
    .replaceAll(' ', '-');

function unused(anchor: string, taken: ReadonlySet<string>): string {
  if (!taken.has(anchor)) return anchor;
  let count = 1;
  while (taken.has(`${anchor}-${count}`)) count++;
  return `${anchor}-${count}`;
}

/** What stands in fences and between backquotes: what people copy. */
export const codeOf = (page: string): string[] =>
  linesOf(page).flatMap(({ text, isCode }) =>
    isCode ? [text] : [...text.matchAll(inlineCode)].map(([code]) => code.replaceAll('`', '')),
  );
