import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { LinkError } from '../port/fault.ts';
import { dial } from './dial.ts';
import { isEncrypted, placeOf, type Endpoint } from './endpoint.ts';
import { closedError, unreachableError } from './link-errors.ts';

export interface WebSocketRequest {
  /** With its query. It never appears in an error: it may carry a token. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly payloadBytesMax?: number;
}

/** The PBX answered the upgrade with an ordinary HTTP answer; what it means is the vendor's affair. */
export class UpgradeRefusedError extends Error {
  override readonly name = 'UpgradeRefusedError';
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the WebSocket was refused with HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** No frame of a PBX comes near this; `ws` would take 100 MiB. */
const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024;
const REFUSAL_BYTES_MAX = 64 * 1024;
const REFUSAL_READ_MS = 2_000;

/** Resolves with an open WebSocket that has no listeners yet but one for errors, so that a late one harms nobody. */
export async function openWebSocket(endpoint: Endpoint, options: WebSocketRequest): Promise<WebSocket> {
  const { path, headers, signal, timeoutMs, payloadBytesMax = PAYLOAD_BYTES_MAX } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const connection = await dial(endpoint, { signal, timeoutMs });
  const scheme = isEncrypted(endpoint) ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${endpoint.address.host}${path}`, {
    createConnection: () => connection,
    ...(headers === undefined ? {} : { headers }),
    maxPayload: payloadBytesMax,
    perMessageDeflate: false,
    followRedirects: false,
  });
  socket.on('error', () => undefined);
  try {
    await opened(endpoint, socket, AbortSignal.any([signal, deadline]));
    return socket;
  } catch (error) {
    socket.terminate();
    connection.destroy();
    if (deadline.aborted && !signal.aborted)
      throw unreachableError(endpoint, `no WebSocket within ${timeoutMs} ms`, error);
    throw error;
  }
}

function opened(endpoint: Endpoint, socket: WebSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(closedError(endpoint));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = (): void => signal.removeEventListener('abort', onAbort);
    socket.once('open', () => {
      settled();
      resolve();
    });
    socket.once('error', (error) => {
      settled();
      reject(upgradeError(endpoint, error));
    });
    socket.once('unexpected-response', (_request, answer) => {
      settled();
      readRefusal(answer).then(
        (body) => reject(new UpgradeRefusedError(answer.statusCode ?? 0, body)),
        (error: unknown) => reject(unreachableError(endpoint, 'the refusal broke off', error)),
      );
    });
  });
}

async function readRefusal(answer: IncomingMessage): Promise<string> {
  const timer = setTimeout(() => answer.destroy(), REFUSAL_READ_MS);
  let text = '';
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8');
      if (text.length > REFUSAL_BYTES_MAX) break;
    }
  } catch {
    // A refusal that breaks off is a refusal all the same: its status is known.
  } finally {
    clearTimeout(timer);
  }
  return text;
}

function upgradeError(endpoint: Endpoint, error: Error): LinkError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('HPE_') || /Sec-WebSocket-Accept|Invalid Upgrade/.test(error.message))
    return new LinkError(
      { kind: 'protocol' },
      `${placeOf(endpoint)} does not speak WebSocket there. Check vendor and port.`,
      { cause: error },
    );
  return unreachableError(endpoint, code === '' ? error.message : code, error);
}
