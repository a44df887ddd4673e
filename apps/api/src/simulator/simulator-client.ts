import { Problem, retryAfter } from '../http/problem.ts';

/** It answers at once; a development machine may be busy. */
const answerMs = 5_000;
const answerLettersMax = 4_000_000;

export type AskSimulator = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Speaks to the control interface of the simulated PBX, and turns its refusals into ours. */
export const createSimulatorClient =
  (url: string): AskSimulator =>
  async (method, path, body) => {
    const { status, text } = await answerOf(url, method, path, body);
    const answer: unknown = text === '' ? null : JSON.parse(text);
    if (status < 300) return answer;
    const refusal = (answer as { error?: unknown } | null)?.error;
    const why = typeof refusal === 'string' ? refusal : `it answers ${status}`;
    throw new Problem(status === 404 ? 'not-found' : 'conflict', `The simulated PBX refuses: ${why}`, {
      more: { reason: 'simulator' },
    });
  };

async function answerOf(
  url: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (text.length > answerLettersMax) throw new Error('the answer is too long');
    return { status: response.status, text };
  } catch (error) {
    throw new Problem('unavailable', 'The simulated PBX can’t be reached; is it running?', {
      cause: error,
      headers: retryAfter(2_000),
    });
  }
}
