import type { Answer } from './send.ts';

/** What an answer means. Pure: the time comes in for a Retry-After that names a date. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** The receiver wants nothing of us any more, ever. */
  | { readonly kind: 'gone'; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string; readonly retryAfterMs: number | null };

export function verdictOn(answer: Answer, now: Date): Verdict {
  if (answer.status === null) return { kind: 'failed', error: answer.error, retryAfterMs: null };
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone', error: 'it answered 410 Gone' };
  const error =
    status >= 300 && status < 400
      ? `it answered ${status}, and redirects are not followed: set the address it leads to`
      : `it answered ${status}`;
  const mayAsk = status === 429 || status === 503;
  return { kind: 'failed', error, retryAfterMs: mayAsk ? readRetryAfter(retryAfter, now) : null };
}

/** Seconds, or a date. Null where it is neither. */
function readRetryAfter(text: string | null, now: Date): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}
