import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The console as it was built last. */
export interface BuiltConsole {
  /** Paths of its files without a leading slash. Whatever is not one of them is not served. */
  readonly files: ReadonlySet<string>;
  readonly html: string;
  /** What index.html holds inline, as a policy names it. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

/** Gives the build as it is now. A page is asked for rarely, so each time it is looked whether there is a newer one. */
export function createConsoleReader(directory: string): () => Promise<BuiltConsole | null> {
  let known: { readonly stamp: string; readonly built: BuiltConsole } | null = null;
  return async () => {
    const stamp = await stampOf(join(directory, 'index.html'));
    if (stamp === null) known = null;
    else if (stamp !== known?.stamp) known = { stamp, built: await read(directory) };
    return known?.built ?? null;
  };
}

async function stampOf(path: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return null;
  }
}

async function read(directory: string): Promise<BuiltConsole> {
  const html = await readFile(join(directory, 'index.html'), 'utf8');
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)).split(sep).join('/'));
  return {
    html,
    files: new Set(paths.filter(isServed)),
    scripts: inline(html, /<script\b([^>]*)>([\s\S]*?)<\/script>/gi),
    styles: inline(html, /<style\b([^>]*)>([\s\S]*?)<\/style>/gi),
  };
}

/** The page itself is given with a nonce, compressed siblings stand for the file beside them, and the rest is ours. */
const isServed = (path: string): boolean =>
  path !== 'index.html' && !/\.(?:br|gz|map)$/.test(path) && !/(?:^|\/)\./.test(path);

/** Hashes of what stands between tags that don't point to a file: it was built with the page, so it may be there. */
const inline = (html: string, tags: RegExp): string[] =>
  [...html.matchAll(tags)]
    .filter(([, attributes = '']) => !/\ssrc\s*=/i.test(attributes))
    .map(([, , content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`);
