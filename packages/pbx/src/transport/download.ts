import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { LinkError } from '../port/fault.ts';
import { dial } from './dial.ts';
import { hostOf, placeOf, portOf, type Endpoint } from './endpoint.ts';

export interface DownloadRequest {
  /** With its query. It never appears in an error: it may carry a token. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** For the connection, for the answer to begin, and for each silence within it. */
  readonly silenceMs: number;
}

export interface Download {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As announced; null where it was not. */
  readonly bytes: number | null;
  /** Fails where the answer breaks off, is silent for too long, or the signal aborts. Must be read or destroyed. */
  readonly body: Readable;
}

/** The beginning of an answer whose body is too large to be held. The connection ends with the body. */
export async function download(endpoint: Endpoint, options: DownloadRequest): Promise<Download> {
  const { path, headers, signal, silenceMs } = options;
  const socket = await dial(endpoint, { signal, timeoutMs: silenceMs });
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = httpRequest({
        method: 'GET',
        path,
        host: hostOf(endpoint),
        port: portOf(endpoint),
        headers: { ...headers, host: endpoint.address.host, connection: 'close' },
        createConnection: () => socket,
        signal,
      });
      socket.setTimeout(silenceMs, () => socket.destroy(new Error(`nothing came for ${silenceMs} ms`)));
      outgoing.once('response', resolve).on('error', reject);
      outgoing.end();
    });
    answer.once('close', () => socket.destroy());
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      bytes: lengthOf(answer.headers),
      body: answer,
    };
  } catch (error) {
    socket.destroy();
    throw new LinkError(
      { kind: 'unreachable' },
      `${placeOf(endpoint)} gave no answer to the request for a file`,
      {
        cause: error,
      },
    );
  }
}

function lengthOf(headers: IncomingHttpHeaders): number | null {
  const text = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
