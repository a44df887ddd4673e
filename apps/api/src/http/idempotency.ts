import { createHash } from 'node:crypto';
import type { Principal } from '@trunkline/access';
import { withDeadline, type RedisConnection } from '@trunkline/service-kit';
import { Problem, retryAfter } from './problem.ts';

/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Wish {
  readonly principal: Principal;
  /** The caller's own name for it. */
  readonly key: string;
  /** Method, path and body: what the name stands for. */
  readonly content: string;
}

export interface Idempotency {
  /**
   * Null where the wish is new and is the caller's to carry out; else the answer that it got the first time. The caller
   * then keeps its answer, or forgets the wish where nothing was done.
   */
  begin(wish: Wish): Promise<KeptAnswer | null>;
  keep(wish: Wish, answer: KeptAnswer): Promise<void>;
  forget(wish: Wish): Promise<void>;
}

const keptMs = 6 * 3_600_000;

/** If a process dies while it carries a wish out, the name is taken for so long. */
const begunMs = 10 * 60_000;
const answerMs = 2_000;
const keyLengthMax = 200;

type KeptWish = { readonly content: string; readonly answer: KeptAnswer | null };

/** What was answered to a POST is kept in Redis, so that a repetition is not carried out again, by whichever replica. */
export function createIdempotency(connection: RedisConnection, prefix: string): Idempotency {
  const place = ({ principal, key }: Wish): string =>
    `${prefix}:api:idempotency:{${digest(`${principal.tenant}\n${principal.user}\n${key}`)}}`;
  const ask = <T>(answer: Promise<T>): Promise<T> =>
    withDeadline(answer, answerMs, 'asking for a kept answer');

  return {
    async begin(wish) {
      if (wish.key.length > keyLengthMax || !/^[\x21-\x7e]+$/.test(wish.key)) {
        throw new Problem(
          'invalid',
          `The Idempotency-Key must be 1 to ${keyLengthMax} printable characters without blanks`,
        );
      }
      const content = digest(wish.content);
      const record: KeptWish = { content, answer: null };
      const taken = await ask(connection.set(place(wish), JSON.stringify(record), 'PX', begunMs, 'NX'));
      if (taken !== null) return null;
      const found = await ask(connection.get(place(wish)));
      if (found === null) throw underWay();
      const known = JSON.parse(found) as KeptWish;
      if (known.content !== content) {
        throw new Problem(
          'unprocessable',
          'This Idempotency-Key was used for another request; take a new one',
        );
      }
      if (known.answer === null) throw underWay();
      return known.answer;
    },
    async keep(wish, answer) {
      const record: KeptWish = { content: digest(wish.content), answer };
      await ask(connection.set(place(wish), JSON.stringify(record), 'PX', keptMs));
    },
    async forget(wish) {
      await ask(connection.del(place(wish)));
    },
  };
}

const underWay = (): Problem =>
  new Problem(
    'conflict',
    'The request with this Idempotency-Key is still being carried out; ask again in a moment',
    {
      headers: retryAfter(1_000),
    },
  );

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
