import { createHash } from 'node:crypto';
import type { Fields } from './manifest.ts';

/** Letters that can't spell anything, in place of those that could. */
const safeLetters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** What kustomize adds to the name of a generated config map, so that another content is another object. */
export function configMapHash(data: Fields): string {
  const sorted = Object.fromEntries(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));
  // It leaves the name empty, whatever that is, and Go writes these three signs so in JSON.
  const json = JSON.stringify({ data: sorted, kind: 'ConfigMap', name: '' }).replace(
    /[<>&]/g,
    (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
  );
  const hash = createHash('sha256').update(json).digest('hex').slice(0, 10);
  return hash.replace(/[013ae]/g, (letter) => safeLetters[letter] ?? letter);
}
