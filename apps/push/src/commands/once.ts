import { createHash } from 'node:crypto';
import { monotonicNow, sleep, withDeadline, type RedisConnection } from '@trunkline/service-kit';

export interface OnceOptions {
  /** A connection for commands. */
  readonly connection: RedisConnection;
  readonly prefix: string;
  /** How long a key is remembered. */
  readonly keepMs: number;
}

export type OnceOutcome<Answer> =
  /** It was done just now, or before: this is what came of it. */
  | { readonly name: 'answer'; readonly answer: Answer }
  /** The key was used for something else. */
  | { readonly name: 'reused' }
  /** Somebody is doing it, or died while doing it; nobody knows yet. */
  | { readonly name: 'under way' };

export interface Wish {
  /** Whoever wishes; keys of different owners have nothing to do with one another. */
  readonly owner: string;
  readonly key: string;
  /** What is wished, to know it again. */
  readonly what: string;
  /** How long to wait for somebody else who does the same just now. */
  readonly waitMs: number;
}

const answerMs = 2_000;
const lookMs = 50;

/**
 * Does something at most once for each key, whichever node it comes to. The key is taken before the work begins and never given
 * back: where a node dies in between nobody knows what was done, so nobody does it again.
 */
export function createOnce({ connection, prefix, keepMs }: OnceOptions) {
  const ask = <T>(answer: Promise<T>): Promise<T> => withDeadline(answer, answerMs, 'asking for a key');

  return async function once<Answer>(wish: Wish, work: () => Promise<Answer>): Promise<OnceOutcome<Answer>> {
    const key = `${prefix}:push:command:${digest(`${wish.owner}\n${wish.key}`)}`;
    const what = digest(wish.what);
    const taken = await ask(connection.set(key, JSON.stringify({ what }), 'PX', keepMs, 'NX'));
    if (taken === 'OK') {
      const answer = await work();
      await ask(connection.set(key, JSON.stringify({ what, answer }), 'PX', keepMs)).catch(() => undefined);
      return { name: 'answer', answer };
    }
    const until = monotonicNow() + wish.waitMs;
    for (;;) {
      const found = JSON.parse((await ask(connection.get(key))) ?? '{}') as {
        what?: string;
        answer?: Answer;
      };
      if (found.what !== what) return { name: 'reused' };
      if (found.answer !== undefined) return { name: 'answer', answer: found.answer };
      if (monotonicNow() >= until) return { name: 'under way' };
      await sleep(lookMs);
    }
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
