// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to find
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;

/** Can turn the direction of what is beside it, by which a name could look like another one. */
const directions = /[\u202a-\u202e\u2066-\u2069]/gu;

export type CleanText = { readonly text: string | null } | { readonly problem: string };

/** Most of what anybody writes: there is nothing in it to find, to compose or to take away. */
const simple = /^[\u0020-\u007e\n]*$/;
const toJoin = /\s\s|[^\S ]/u;

/** One line of text without blanks around it; null where nothing is left. */
export const cleanLine = (written: string, lettersMax: number): CleanText =>
  clean(toJoin.test(written) ? written.replace(/\s+/gu, ' ') : written, lettersMax);

/** Text whose line breaks stay. */
export const cleanLines = (written: string, lettersMax: number): CleanText =>
  clean(written.replaceAll('\r\n', '\n').replaceAll('\r', '\n'), lettersMax);

function clean(written: string, lettersMax: number): CleanText {
  if (simple.test(written)) return bounded(written.trim(), lettersMax);
  if (controls.test(written)) return { problem: 'holds control characters' };
  if (written.includes('\ufffd') || !written.isWellFormed())
    return { problem: 'holds bytes that are no letters; choose another encoding' };
  return bounded(written.replace(directions, '').normalize('NFC').trim(), lettersMax);
}

function bounded(text: string, lettersMax: number): CleanText {
  if (text.length > lettersMax) return { problem: `is longer than ${lettersMax} letters` };
  return { text: text === '' ? null : text };
}
