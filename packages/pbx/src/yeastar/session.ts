import * as v from 'valibot';
import { textOf, wholeNumberOf, type Fields } from './fields.ts';

/** A pair of tokens, with all times by our clock. */
export interface Session {
  readonly access: string;
  readonly accessUntil: number;
  readonly refreshAt: number;
  readonly refresh: string;
  readonly refreshUntil: number;
}

const sessionSchema = v.object({
  access: v.pipe(v.string(), v.minLength(1)),
  accessUntil: v.number(),
  refreshAt: v.number(),
  refresh: v.string(),
  refreshUntil: v.number(),
});

/** When a token is refreshed, as a share of its life: 25 of its 30 minutes. */
const REFRESH_AT_SHARE = 0.83;

/** What `get_token` and `refresh_token` grant. Lifetimes are told in seconds from now. */
export function readGrant(fields: Fields, now: number): Session | null {
  const access = textOf(fields.access_token);
  const lifeMs = (wholeNumberOf(fields.access_token_expire_time) ?? 0) * 1000;
  if (access === '' || lifeMs <= 0) return null;
  return {
    access,
    accessUntil: now + lifeMs,
    refreshAt: now + Math.floor(lifeMs * REFRESH_AT_SHARE),
    refresh: textOf(fields.refresh_token),
    refreshUntil: now + Math.max(wholeNumberOf(fields.refresh_token_expire_time) ?? 0, 0) * 1000,
  };
}

export const writeSession = (session: Session): string => JSON.stringify(session);

/** null for whatever can't be read: it is our own text, of this or another version. */
export function readSession(text: string | null): Session | null {
  if (text === null) return null;
  try {
    const read = v.safeParse(sessionSchema, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
