import { createHash } from 'node:crypto';
import type { Principal } from '@trunkline/access';
import { withDeadline, type RedisConnection } from '@trunkline/service-kit';
import type { WebhookKeys } from '@trunkline/webhooks';
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
  /** The answer shows a secret, so that Redis may have it sealed only. */
  readonly isSecret?: boolean;
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

/** Null while it is under way, a text where it is sealed. */
type KeptWish = { readonly content: string; readonly answer: KeptAnswer | string | null };

export interface IdempotencyOptions {
  readonly connection: RedisConnection;
  readonly prefix: string;
  /** What answers are sealed with that show a secret. */
  readonly keys: WebhookKeys | undefined;
}

/** What was answered to a wish is kept in Redis, so that a repetition is not carried out again, by whichever replica. */
export function createIdempotency({ connection, prefix, keys }: IdempotencyOptions): Idempotency {
  const place = ({ principal, key }: Wish): string =>
    `${prefix}:api:idempotency:{${digest(`${principal.tenant}\n${principal.user}\n${key}`)}}`;
  const ask = <T>(answer: Promise<T>): Promise<T> =>
    withDeadline(answer, answerMs, 'asking for a kept answer');

  function sealed(answer: KeptAnswer, context: string): string {
    if (keys === undefined) throw new TypeError('a secret was answered without a key to seal it with');
    return keys.seal(JSON.stringify(answer), context);
  }

  function unsealed(text: string, context: string): KeptAnswer {
    try {
      if (keys !== undefined) return JSON.parse(keys.open(text, context)) as KeptAnswer;
    } catch {
      // Its key was taken away meanwhile.
    }
    throw new Problem(
      'conflict',
      'It was carried out, but the key under which its answer was kept is gone; rotate the secret of the webhook to get one',
      { more: { reason: 'sealed' } },
    );
  }

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
      return typeof known.answer === 'string' ? unsealed(known.answer, place(wish)) : known.answer;
    },
    async keep(wish, answer) {
      const kept = wish.isSecret === true ? sealed(answer, place(wish)) : answer;
      const record: KeptWish = { content: digest(wish.content), answer: kept };
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
