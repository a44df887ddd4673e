import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const BODY_BYTES_MAX = 256 * 1024;

/** The whole body, or null where there is more of it than any request needs. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The Date header is the PBX's: a client measures its clock by it. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer, pbxNow: number): void {
  response.sendDate = false;
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(answer.body)),
    date: new Date(pbxNow).toUTCString(),
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Promises a whole body, sends a half of it, and hangs up. */
export function writeTorn(response: ServerResponse, answer: HttpAnswer, pbxNow: number): void {
  const whole = Buffer.from(answer.body);
  response.sendDate = false;
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': String(whole.length),
    date: new Date(pbxNow).toUTCString(),
    ...answer.headers,
  });
  response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
}
