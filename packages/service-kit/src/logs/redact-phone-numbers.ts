/**
 * Masks phone numbers in any text and keeps their last two or three digits, enough to recognise a call one is
 * looking for and too little to dial. Works on plain text and on the inside of a JSON string.
 *
 * Numbers are found by how people and PBXs write them: with a plus, with 00, with a leading 0, in North American
 * groups, as the user of a SIP or tel address, after a channel technology. A bare run of digits is ambiguous, so it
 * counts as a phone number only if it could be dialled and nothing around it says that it is an id. What is ours
 * survives: uuids, ISO times, epoch seconds and milliseconds, stream ids, versions, trace ids, addresses.
 */
export function redactPhoneNumbers(text: string): string {
  if (!HOLDS_DIGITS.test(text) || TIME_OR_UUID.test(text)) return text;
  return text
    .replace(ADDRESSED, (_match, address: string, number: string) => address + maskNumber(number))
    .replace(WRITTEN, maskNumber)
    .replace(BARE, (run: string, at: number, whole: string) =>
      isIdentifier(run, whole, at) ? run : maskNumber(run),
    );
}

/** The value of a field that is known to hold a phone number: no need to guess, every long run of digits goes. */
export function redactPhoneField(text: string): string {
  if (NOT_A_NUMBER.test(text)) return text;
  return text.replace(/\+?\d(?:[ ().\\/-]{0,3}\d){5,}/g, maskNumber);
}

/** Six digits and more: shorter ones are internal extensions, which operators need to read. */
const HOLDS_DIGITS = /\d(?:[ ().\\/-]{0,3}\d){5}/;

/** A time or a uuid, which some field with a telephone's name (`from`, `to`) may hold as well. */
const NOT_A_NUMBER = /^(?:\d{4}-\d\d-\d\d(?:[T ]|$)|[\da-f]{8}-[\da-f]{4}-|\d{13}-\d+$)/i;

/** What a whole field most often is when it is full of digits; the rules would spare it too, only more slowly. */
const TIME_OR_UUID = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** Where a number may begin: not inside a word, a fraction or a dashed id; an escaped line break is no word. */
const START = String.raw`(?:(?<![\w.+:-])|(?<=[^\d]:)|(?<=\\[bfnrt])|(?<=\\u[\da-f]{4}))`;
const END = String.raw`(?![\w-]|[.:]\w)`;

const ADDRESSED = /((?:sips?:|tel:|(?:PJSIP|SIP|IAX2|Local|SCCP|DAHDI)\/))(\+?\d{6,15})(?!\d)/gi;

const INTERNATIONAL = String.raw`(?:(?<![\w+])|(?<=\\[bfnrt])|(?<=\\u[\da-f]{4}))\+\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)`;
const INTERNATIONAL_BY_ZEROS = String.raw`${START}00[1-9](?:[ .()/-]{0,2}\d){6,13}${END}`;
const NATIONAL = String.raw`${START}(?!\d\d[-/]\d\d[-/]\d{2,4}\b)(?:\(0[1-9]\d{0,4}\)|0[1-9]\d{0,4})(?:[ /-]{0,3}\d){5,10}${END}`;
const NORTH_AMERICAN = String.raw`${START}(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])\d{3}[ .-]\d{4}${END}`;
const WRITTEN = new RegExp([INTERNATIONAL, INTERNATIONAL_BY_ZEROS, NATIONAL, NORTH_AMERICAN].join('|'), 'gi');

const BARE = new RegExp(String.raw`${START}[1-9]\d{6,14}(?:${END}|(?=@))`, 'gi');

/** Below ten digits a bare number is as likely a size or a counter, unless it is somebody's address. */
const BARE_DIGITS_MIN = 10;

const AFTER_LABEL =
  /(?:\b(?:[a-z]*id|ids|[a-z]*version|versions|seq|sequence|epoch|offset|lsn|time|timestamp|ms|ns|bytes|count|rows?|asOf|said|floor|key|hash|size|limit|entry|entries|length|lag)\W{1,3}|#)$/i;

const AFTER_KEY_PREFIX = /([\w}-]+):$/;
const SPEAKS_OF_A_PHONE =
  /^(?:caller|callee|from|to|phone|number|mobile|dial\w*|called|calling|msisdn|ani|dnis)$/i;

function isIdentifier(run: string, text: string, at: number): boolean {
  const isAddress = text.charCodeAt(at + run.length) === AT_SIGN;
  if (run.length < BARE_DIGITS_MIN) return !isAddress;
  if (isOneButNotDiallable(run)) return true;
  const before = text.slice(Math.max(0, at - 24), at);
  const prefix = AFTER_KEY_PREFIX.exec(before)?.[1];
  if (prefix !== undefined) return !SPEAKS_OF_A_PHONE.test(prefix);
  return AFTER_LABEL.test(before);
}

const AT_SIGN = '@'.charCodeAt(0);

/**
 * Country code 1 has exactly eleven digits and no area code begins with 1. That is why epoch seconds (10 digits) and
 * milliseconds (13), which begin with 1 until 2033, and the versions of a first epoch can be told from phone numbers.
 */
function isOneButNotDiallable(run: string): boolean {
  return run.startsWith('1') && run.length !== 11;
}

export function maskNumber(number: string): string {
  const digits = number.replace(/\D/g, '');
  return `***${digits.slice(digits.length >= 10 ? -3 : -2)}`;
}
