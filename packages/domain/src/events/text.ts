import * as v from 'valibot';

/**
 * Words meant for people (names, reasons) come from strangers' phones. They are cleaned rather than refused, since a
 * call must not be lost over an odd character in a caller's name: control characters become spaces, halves of
 * character pairs become U+FFFD, and what is too long is cut.
 */
export const humanText = (lengthMax: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => cleanText(text, lengthMax)),
  );

/** What nearly every text is, and what needs no cleaning: printable ASCII without a space at either end. */
const plain = /^[!-~](?:[ -~]*[!-~])?$/;

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to replace
const control = /[\u0000-\u001f\u007f]+/g;

export function cleanText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax && plain.test(text)) return text;
  const clean = text.replace(control, ' ').toWellFormed().trim();
  return clean.length <= lengthMax ? clean : clean.slice(0, lengthMax).toWellFormed();
}
