export const REDACTED = '[redacted]';

/**
 * Removes what authenticates somebody from any text: credentials inside URLs, `name=value` and `name: value`
 * pairs whose name says secret, bearer and basic credentials, JSON web tokens and private keys.
 *
 * It works on plain text and on the inside of a JSON string alike, so it knows that `\n` may be two characters and
 * that a quote may be escaped. When in doubt it takes too much: a lost word costs less than a leaked password.
 */
export function redactSecrets(text: string): string {
  const withoutUserinfo = text.includes('://') ? redactUrls(text) : text;
  return NAMES_SECRET.test(withoutUserinfo) ? redactNamedSecrets(withoutUserinfo) : withoutUserinfo;
}

/** Whether any rule could apply at all: asked once a log line, which most often ends the search. */
export function mayHoldSecret(text: string): boolean {
  return text.includes('://') || NAMES_SECRET.test(text);
}

/** Every rule for named secrets starts from one of these. */
const NAMES_SECRET = /passw|pwd|passphrase|secret|token|key|credential|authoriz|cookie|bearer|basic|eyJ/i;

/** A store's URL is often written with a raw `/`, `?` or `#` in its password, so here the last `@` of the word decides. */
const STORE_URL =
  /((?:rediss?(?:\+cluster)?|postgres(?:ql)?|mysql|amqps?|mongodb(?:\+srv)?):\/\/)((?:[^\s"\\]|\\[^nrt]){0,1024})@/gi;

/** Elsewhere the userinfo ends before the path: stack traces are full of `file:///node_modules/@scope/…`. */
const ANY_URL = /(:\/\/)((?:[^\s"<>\\/?#]|\\["\\/u]){1,1024})@/g;

function redactUrls(text: string): string {
  return text.replace(STORE_URL, redactUserinfo).replace(ANY_URL, redactUserinfo);
}

/** The user's name stays, it tells which account failed; without a colon the whole may be a token. */
function redactUserinfo(_match: string, scheme: string, userinfo: string): string {
  const colon = userinfo.indexOf(':');
  const user = colon === -1 ? '' : userinfo.slice(0, colon);
  return user === '' ? `${scheme}${REDACTED}@` : `${scheme}${user}:${REDACTED}@`;
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const COOKIE = /(cookie\\?["']?\s*[:=]\s*)([^\s"\\](?:[^"\\\r\n]|\\[^nr"])*)/gi;
const NAMED_VALUE =
  /((?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization)\\?["']?\s*[:=]\s*)(?!\[redacted\])(\\?"(?:[^"\\]|\\[^"])*\\?"|'[^']*'|(?:(?:bearer|basic|digest|token)\s+)?[^\s"'\\,;&)}\]]+)/gi;
const SCHEME_CREDENTIALS = /\b(bearer|basic)(\s+)[\w.~+/-]{8,}=*/gi;
/** Begins outside a word (an escaped line break before it is none), which also keeps the search linear. */
const JSON_WEB_TOKEN = /(?<![\w-]{2})eyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]*){0,3}/g;

function redactNamedSecrets(text: string): string {
  return text
    .replace(PRIVATE_KEY, REDACTED)
    .replace(JSON_WEB_TOKEN, REDACTED)
    .replace(COOKIE, `$1${REDACTED}`)
    .replace(NAMED_VALUE, `$1${REDACTED}`)
    .replace(SCHEME_CREDENTIALS, `$1$2${REDACTED}`);
}
