import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** The client's own address: another one is another source. */
  readonly from?: string;
}

/** One request on a connection of its own. Rejects when the answer breaks off. */
export async function ask(
  url: string,
  { method = 'GET', headers = {}, body, from }: AskOptions = {},
): Promise<Answered> {
  const request = url.startsWith('https') ? secureRequest : plainRequest;
  return await new Promise((resolve, reject) => {
    const options = {
      method,
      headers,
      agent: false as const,
      rejectUnauthorized: false,
      timeout: 8_000,
      ...(from === undefined ? {} : { localAddress: from }),
    };
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.complete) resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        else reject(new Error('the answer broke off'));
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}
