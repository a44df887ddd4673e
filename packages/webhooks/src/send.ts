import type { LookupAddress } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { DeadlineError, withDeadline } from '@trunkline/service-kit';
import { checkUrl } from './target/check-url.ts';
import { resolveTarget, type Resolve } from './target/resolve-target.ts';
import type { TargetPolicy } from './target/target-policy.ts';
import { webhookBounds } from './webhook-bounds.ts';
import { WebhookError } from './webhook-error.ts';

export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SendOptions {
  readonly policy: TargetPolicy;
  readonly resolve: Resolve;
  /** For everything together: name, connection, answer. */
  readonly withinMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What came back, or why nothing did. */
export type Answer =
  | { readonly status: number; readonly retryAfter: string | null; readonly response: string }
  | { readonly status: null; readonly error: string };

const headerBytesMax = 16 * 1024;

/** Once the status is there, the rest is for people; a receiver that drips is not waited for. */
const bodyWithinMs = 1_000;

// No connection is kept: the next attempt must ask anew where the name leads, and needs the check on it. No proxy either.
const httpAgent = new HttpAgent({ keepAlive: false });
const httpsAgent = new HttpsAgent({ keepAlive: false });

/**
 * Posts once, to the very addresses that were checked. Redirects are answers like any other and not followed, cookies are
 * not kept. Rejects only when `signal` aborts.
 */
export async function send(sending: Sending, options: SendOptions): Promise<Answer> {
  const { policy, resolve, withinMs, signal } = options;
  const deadline = AbortSignal.timeout(withinMs);
  try {
    const url = checkUrl(sending.url, policy);
    const resolving = resolveTarget(url, policy, resolve);
    const addresses = await withDeadline(resolving, withinMs, 'finding the address');
    return await post(url, sending, addresses, AbortSignal.any([deadline, signal]));
  } catch (error) {
    if (signal.aborted) throw error;
    return { status: null, error: describe(error, deadline.aborted, withinMs) };
  }
}

async function post(
  url: URL,
  { headers, body }: Sending,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
): Promise<Answer> {
  const bytes = Buffer.from(body);
  const isHttps = url.protocol === 'https:';
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': bytes.length,
      'user-agent': 'Trunkline-Webhooks/1',
    },
    lookup: pinnedTo(addresses),
    maxHeaderSize: headerBytesMax,
    signal,
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = isHttps
    ? httpsRequest(url, { ...options, agent: httpsAgent }, resolve)
    : httpRequest(url, { ...options, agent: httpAgent }, resolve);
  request.on('error', reject);
  request.end(bytes);
  const answer = await promise;
  const response = await beginningOf(answer);
  request.destroy();
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] ?? null, response };
}

const pinnedTo =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, { all = false }, callback) => {
    const [first = { address: '', family: 4 }] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };

/** As much of a body as is kept; what breaks off is as good as what ends. */
async function beginningOf(answer: IncomingMessage): Promise<string> {
  const { responseBytesMax } = webhookBounds;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const reading = (async () => {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= responseBytesMax) break;
    }
  })();
  await withDeadline(reading, bodyWithinMs, 'reading the answer').catch(() => undefined);
  answer.destroy();
  await reading.catch(() => undefined);
  return Buffer.concat(chunks).subarray(0, responseBytesMax).toString('utf8');
}

function describe(error: unknown, isLate: boolean, withinMs: number): string {
  if (isLate || error instanceof DeadlineError) return `no answer within ${withinMs / 1_000} s`;
  if (error instanceof WebhookError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : problems[code];
  if (known !== undefined) return known;
  return `could not be reached: ${error instanceof AggregateError ? code : message}`;
}

/** Without addresses: an owner of an endpoint need not see where in our network its name leads. */
const problems: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke before there was an answer',
  EHOSTUNREACH: 'the host can’t be reached',
  ENETUNREACH: 'the network can’t be reached',
  ETIMEDOUT: 'the connection could not be made in time',
  HPE_HEADER_OVERFLOW: 'the headers of the answer were too large',
};
