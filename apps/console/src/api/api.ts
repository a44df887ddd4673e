import type { Session } from '../session/session.ts';
import { problemOf, unreachable } from './problem.ts';

type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** The same wish gets the same key, so that it is done once however often it is sent. */
  readonly idempotencyKey?: string;
}

/** The API of the server. Whatever goes wrong is an `ApiError` with words that can be shown. */
export interface Api {
  readonly ask: <Answer>(path: string, asked?: Asked) => Promise<Answer>;
  /** An answer as it came, such as a file. */
  readonly fetch: (path: string, asked?: Asked) => Promise<Response>;
}

/** No request waits longer; a command to a PBX may take eight seconds. */
const answerMs = 20_000;

export function createApi(
  session: Pick<Session, 'getToken' | 'end'>,
  onAnswer: (answer: Response, sentAt: number) => void = () => {},
): Api {
  async function send(path: string, asked: Asked, token: string | null): Promise<Response> {
    const { method = 'GET', query, body, signal, idempotencyKey } = asked;
    const headers = new Headers({ accept: 'application/json' });
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    const timeout = AbortSignal.timeout(answerMs);
    const sentAt = performance.now();
    try {
      const response = await fetch(path + queryText(query), {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      onAnswer(response, sentAt);
      return response;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw unreachable();
    }
  }

  async function answered(path: string, asked: Asked = {}): Promise<Response> {
    let response = await send(path, asked, await session.getToken());
    if (response.status === 401) {
      const token = await session.getToken({ fresh: true });
      if (token !== null) response = await send(path, asked, token);
      if (response.status === 401) session.end();
    }
    if (!response.ok) throw problemOf(response.status, response.headers, await bodyOf(response));
    return response;
  }

  return {
    fetch: answered,
    ask: async <Answer>(path: string, asked: Asked = {}): Promise<Answer> =>
      (await bodyOf(await answered(path, asked))) as Answer,
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** `?a=1&b=x,y`; what is empty is left out. */
export function queryText(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '') params.set(name, text);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
