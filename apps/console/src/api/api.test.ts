import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApi, queryText } from './api.ts';
import { ApiError, isPassing } from './problem.ts';

afterEach(() => vi.unstubAllGlobals());

const problem = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

/** A server that gives these answers in turn, and what it was asked. */
function lab(...answers: (Response | Error)[]) {
  const heard: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    heard.push([url, init]);
    const answer = answers.shift();
    if (answer instanceof Error || answer === undefined) throw answer ?? new TypeError('failed to fetch');
    return answer;
  });
  const ended = vi.fn<() => void>();
  const getToken = async ({ fresh } = { fresh: false }) => (fresh ? 'new' : 'old');
  return { api: createApi({ getToken, end: ended }), heard, ended };
}

const failure = async (asked: Promise<unknown>): Promise<ApiError> => {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
};

describe('the API', () => {
  it('is asked in the name of who is signed in', async () => {
    const { api, heard } = lab(problem(200, { items: [] }));
    expect(await api.ask('/v1/calls', { query: { status: ['ringing', 'held'], after: null } })).toEqual({
      items: [],
    });
    const [url, { headers }] = heard[0] ?? ['', {}];
    expect([url, (headers as Headers).get('authorization')]).toEqual([
      '/v1/calls?status=ringing%2Cheld',
      'Bearer old',
    ]);
  });

  it('is asked once more with a fresh token, and the session ends when that is no good either', async () => {
    const { api, heard, ended } = lab(
      problem(401, {}),
      problem(200, { ok: true }),
      problem(401, {}),
      problem(401, {}),
    );
    await api.ask('/v1/pbxs');
    expect([heard.length, ended.mock.calls.length]).toEqual([2, 0]);
    expect((await failure(api.ask('/v1/pbxs'))).message).toContain('session has ended');
    expect(ended).toHaveBeenCalledOnce();
  });

  it('explains what went wrong in words of ours, and keeps the trace', async () => {
    const body = {
      type: 'urn:trunkline:problem:conflict',
      detail: 'It is ringing already',
      traceId: '4f2a',
      status: 409,
    };
    const { api } = lab(
      problem(409, body),
      problem(503, '', { 'retry-after': '2' }),
      new TypeError('network'),
    );
    expect(await failure(api.ask('/a'))).toMatchObject({
      message: 'It is ringing already',
      kind: 'conflict',
      traceId: '4f2a',
    });
    const busy = await failure(api.ask('/b'));
    expect([busy.kind, busy.retryAfterMs, isPassing(busy)]).toEqual(['unavailable', 2_000, true]);
    const away = await failure(api.ask('/c'));
    expect([away.status, away.kind, isPassing(away)]).toEqual([0, 'unreachable', true]);
    const { kind, traceId, retryAfterMs, more } = away;
    expect(isPassing(new ApiError('', { status: 404, kind, traceId, retryAfterMs, more }))).toBe(false);
  });

  it('sends a body and a key', async () => {
    const { api, heard } = lab(problem(202, null));
    await api.ask('/v1/x', { method: 'POST', body: { a: 1 }, idempotencyKey: 'k' });
    expect(heard[0]?.[1]).toMatchObject({ method: 'POST', body: '{"a":1}' });
    expect(new Headers(heard[0]?.[1].headers).get('idempotency-key')).toBe('k');
  });

  it('leaves out of an address what is empty', () => {
    expect(queryText({ a: '', b: undefined, c: 0, d: [], e: true })).toBe('?c=0&e=true');
    expect(queryText()).toBe('');
  });
});
