/** Fields of an object that a PBX sent. Own or inherited makes no difference: no field that is read has an inherited namesake. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The PBX fills some empty fields with a blank. Numbers are numbers or texts, depending on the firmware. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return isTrimmed(value) ? value : value.trim();
  return typeof value === 'number' ? String(value) : '';
}

/** Beyond ASCII there are blanks too; texts that begin or end there are few. */
const isTrimmed = (text: string): boolean =>
  text === '' || (isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(text.length - 1)));
const isInk = (code: number): boolean => code > 0x20 && code < 0x7f;

export function wholeNumberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : null;
}

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const control = /[\u0000-\u001f\u007f]/;
const keyLengthMax = 256;

/** Names that the whole system keeps (calls, phones, recordings) hold no control characters and no halves of pairs. */
export function isKey(text: string): boolean {
  if (text === '' || text.length > keyLengthMax) return false;
  return isAllInk(text) || (!control.test(text) && text.isWellFormed());
}

/** What nearly every key is made of; on texts this short a loop is faster than a pattern. */
function isAllInk(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (!isInk(text.charCodeAt(index))) return false;
  return true;
}

const nameAndNumber = /^(.*)<([^<>]+)>$/s;

/** Newer firmware writes `Name<number>` where older writes the number alone. */
export function partyOf(text: string): { number: string; name?: string } | undefined {
  if (text === '') return undefined;
  const parts = text.endsWith('>') ? nameAndNumber.exec(text) : null;
  const number = parts?.[2]?.trim() ?? '';
  if (number === '') return { number: text };
  const name = (parts?.[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
  return name === '' ? { number } : { number, name };
}
