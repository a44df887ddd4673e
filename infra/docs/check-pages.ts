import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import type { CommandDescription } from '../../apps/cli/src/describe-commands.ts';
import { anchorsOf, codeOf, linksOf } from './read-markdown.ts';

/** Pages of the repository by their path from its root. */
export type Pages = ReadonlyMap<string, string>;

const notOurs = new Set(['node_modules', 'dist', '.trunkline', '.turbo', '.git']);

export const pagesOf = (root: string): Pages =>
  new Map(
    globSync('**/*.md', { cwd: root, exclude: (name) => notOurs.has(name) })
      .map((path) => path.split(sep).join('/'))
      .map((path) => [path, readFileSync(posix.join(root, path), 'utf8')]),
  );

/** Every link that leads nowhere, as `page:line  problem`. Nothing is asked of the network. */
export function brokenLinks(pages: Pages, root: string): string[] {
  const anchors = new Map([...pages].map(([path, page]) => [path, anchorsOf(page)]));
  return [...pages].flatMap(([path, page]) =>
    linksOf(page).flatMap(({ target, line }) => {
      const problem = judge(target, path, { anchors, root });
      return problem === null ? [] : [`${path}:${line}  ${target}: ${problem}`];
    }),
  );
}

interface Known {
  readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly root: string;
}

function judge(target: string, from: string, known: Known): string | null {
  if (/^[a-z][a-z\d+.-]*:/i.test(target)) return judgeExternal(target);
  if (target.startsWith('/')) return 'begins at the root of a site; write it relative to the page';
  const [path = '', anchor] = target.split('#', 2);
  const place =
    path === '' ? from : posix.normalize(posix.join(posix.dirname(from), decodeURIComponent(path)));
  if (place.startsWith('..')) return 'leads out of the repository';
  if (!known.anchors.has(place) && !existsSync(posix.join(known.root, place))) return `there is no ${place}`;
  if (anchor === undefined) return null;
  return judgeAnchor(place, anchor, known);
}

function judgeAnchor(place: string, anchor: string, { anchors }: Known): string | null {
  const found = anchors.get(place);
  if (found === undefined) return `${place} is no page with headings`;
  return found.has(decodeURIComponent(anchor)) ? null : `${place} has no heading #${anchor}`;
}

function judgeExternal(target: string): string | null {
  if (target.startsWith('mailto:')) return null;
  const url = URL.parse(target);
  if (url === null) return 'is no address';
  if (url.protocol !== 'https:') return 'is not https';
  return url.hostname.includes('.') ? null : 'names no host';
}

/** Variables that a page names and no service reads. */
export function unknownVariables(pages: Pages, variables: readonly string[]): string[] {
  return [...pages].flatMap(([path, page]) =>
    [...new Set(page.match(/\bTRUNKLINE_[A-Z\d_]*/g))]
      .filter((name) => !isKnown(name, variables))
      .map((name) => `${path}  ${name}: no service reads it`),
  );
}

/** A name may stand for several, as in TRUNKLINE_TOKEN_…; a secret's file and credentials have names of their own. */
function isKnown(name: string, variables: readonly string[]): boolean {
  if (name.endsWith('_'))
    return name === 'TRUNKLINE_PBX_' || variables.some((known) => known.startsWith(name));
  if (/^TRUNKLINE_PBX_[A-Z\d_]+_(?:USERNAME|SECRET)$/.test(name)) return true;
  return variables.includes(name) || variables.includes(name.replace(/_FILE$/, ''));
}

/** What a page has people type that does not exist: scripts of npm, and commands and options of ours. */
export function unknownCommands(
  pages: Pages,
  scripts: readonly string[],
  commands: readonly CommandDescription[],
): string[] {
  return [...pages].flatMap(([path, page]) =>
    codeOf(page).flatMap((text) => {
      const problem = unknownScript(text, scripts) ?? unknownCommand(text, commands);
      return problem === null ? [] : [`${path}  ${text.trim()}: ${problem}`];
    }),
  );
}

function unknownScript(text: string, scripts: readonly string[]): string | null {
  // Rooms may have scripts of their own.
  if (text.includes('--workspace')) return null;
  for (const [, name = ''] of text.matchAll(/\bnpm run ([\w:-]+)/g))
    if (!scripts.includes(name)) return `there is no script ${name}`;
  return null;
}

function unknownCommand(text: string, commands: readonly CommandDescription[]): string | null {
  const typed = /(?:^|[;|] *|\$ )(?:npm run trunkline --|trunkline) +([^#;|]*)/.exec(text.trim())?.[1];
  if (typed === undefined) return null;
  const words = typed.replaceAll(/"[^"]*"|'[^']*'/g, 'quoted').split(/\s+/);
  const found = find(words, commands);
  if (found === undefined)
    return words[0]?.startsWith('<') === true || words[0]?.startsWith('-') === true
      ? null
      : 'there is no such command';
  const flags = new Set([
    '--help',
    ...found.options.flatMap(({ flags: all }) => all.match(/--[\w-]+/g) ?? []),
  ]);
  const unknown = words.find((word) => word.startsWith('--') && !flags.has(word.replace(/=.*/, '')));
  return unknown === undefined ? null : `it has no option ${unknown}`;
}

function find(
  words: readonly string[],
  commands: readonly CommandDescription[],
): CommandDescription | undefined {
  const [first, ...rest] = words;
  const group = commands.find(({ name }) => name.split(' ').at(-1) === first);
  return group === undefined || group.commands.length === 0 ? group : find(rest, group.commands);
}
