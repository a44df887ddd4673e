/** What the name of a field says about its value. */
export type FieldKind = 'plain' | 'message' | 'secret' | 'phone number';

/** Field names come from code, so there are few; the bound holds if somebody logs a map keyed by data. */
const REMEMBERED_MAX = 2_000;
const remembered = new Map<string, FieldKind>();

export function classifyField(name: string): FieldKind {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const kind = classify(name);
  if (remembered.size < REMEMBERED_MAX) remembered.set(name, kind);
  return kind;
}

function classify(name: string): FieldKind {
  const words = splitWords(name);
  const joined = words.join('');
  const last = words.at(-1) ?? '';
  if (SECRET.test(joined) || SECRET_LAST_WORD.has(last)) return 'secret';
  if (PHONE.test(joined) || PHONE_LAST_WORD.has(last) || PHONE_WHOLE_NAME.has(joined)) return 'phone number';
  return joined === 'msg' || joined === 'message' ? 'message' : 'plain';
}

function splitWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

const SECRET =
  /passw|passphrase|secret|authoriz|cookie|credential|apikey|privatekey|accesskey|signingkey|jwt|websocketprotocol|(?:token|bearer)s?$/;
const SECRET_LAST_WORD = new Set(['pass', 'pwd', 'pw', 'auth']);

const PHONE =
  /(?:phones?|telephone|msisdn|(?:phone|caller|callee|called|calling|connected|dialed|dialled|mobile|external|fax)(?:id)?(?:num|number)s?|callerid|calleeid)$/;
const PHONE_LAST_WORD = new Set(['caller', 'callee', 'dialed', 'dialled', 'dnis', 'ani', 'mobile', 'e164']);
/** Everyday words, which speak of a phone only when nothing stands before them: not `fromVersion`, not `sequenceNumber`. */
const PHONE_WHOLE_NAME = new Set(['number', 'from', 'to', 'did']);
