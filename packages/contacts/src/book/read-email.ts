import { contactBounds } from '../contact.ts';

/** Not every address that a standard allows, but every one that people have. */
const shape = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]{2,}$/u;

/** In lower case, as mail is delivered in practice; null for what is no address. `Ada <ada@x.org>` and `mailto:` are read too. */
export function readEmail(written: string): string | null {
  const inBrackets = /<([^<>]*)>\s*$/u.exec(written)?.[1] ?? written;
  const email = inBrackets
    .trim()
    .replace(/^mailto:/i, '')
    .toLowerCase();
  return email.length <= contactBounds.emailLettersMax && shape.test(email) && !email.includes('..')
    ? email
    : null;
}
