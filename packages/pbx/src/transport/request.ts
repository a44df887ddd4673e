import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { LinkError } from '../port/fault.ts';
import { dial } from './dial.ts';
import { hostOf, placeOf, portOf, type Endpoint } from './endpoint.ts';
import { closedError, unreachableError } from './link-errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. It never appears in an error: it may carry a token. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** For all of it, from the first packet to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly bytesMax?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A page of a thousand phones has some hundred kilobytes. */
const BYTES_MAX = 16 * 1024 * 1024;

/**
 * One request on a connection of its own. PBXs close it after each answer anyway, and a kept one that went stale would
 * cost a retry, which a login must never have.
 */
export async function request(endpoint: Endpoint, options: HttpRequest): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  try {
    const socket = await dial(endpoint, { signal, timeoutMs: options.timeoutMs });
    try {
      return await exchange(endpoint, options, signal, () => socket);
    } finally {
      socket.destroy();
    }
  } catch (error) {
    if (deadline.aborted && !options.signal.aborted)
      throw unreachableError(endpoint, `no answer within ${options.timeoutMs} ms`, error);
    if (error instanceof LinkError) throw error;
    if (options.signal.aborted) throw closedError(endpoint);
    throw answerError(endpoint, error);
  }
}

async function exchange(
  endpoint: Endpoint,
  { method, path, headers, body, bytesMax = BYTES_MAX }: HttpRequest,
  signal: AbortSignal,
  createConnection: () => Awaited<ReturnType<typeof dial>>,
): Promise<HttpAnswer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest({
      method,
      path,
      host: hostOf(endpoint),
      port: portOf(endpoint),
      headers: {
        ...headers,
        host: endpoint.address.host,
        connection: 'close',
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      createConnection,
      signal,
    });
    outgoing.once('response', resolve).on('error', reject);
    outgoing.end(body);
  });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: await readBody(endpoint, answer, bytesMax),
  };
}

async function readBody(endpoint: Endpoint, answer: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax)
      throw new LinkError(
        { kind: 'protocol' },
        `${placeOf(endpoint)} answers with more than ${bytesMax} bytes; that is no PBX we know.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerError(endpoint: Endpoint, error: unknown): LinkError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('HPE_'))
    return new LinkError(
      { kind: 'protocol' },
      `${placeOf(endpoint)} does not answer with HTTP (${code}). Check port and protocol.`,
      { cause: error },
    );
  return unreachableError(
    endpoint,
    code === '' ? 'the connection broke in the middle of an answer' : code,
    error,
  );
}
