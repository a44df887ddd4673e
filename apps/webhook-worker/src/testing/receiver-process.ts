import { createServer, type ServerResponse } from 'node:http';

/**
 * A receiver in a process of its own. Each path behaves as it was told by a PUT of a `Behaviour` to it; what is posted is
 * answered so, and told as a line of JSON on standard output before the answer.
 */
export interface Behaviour {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long it takes over the answer; null: there is none, ever. */
  readonly delayMs?: number | null;
}

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

const behaviours = new Map<string, Behaviour>();

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (request.method === 'PUT') {
      behaviours.set(path, JSON.parse(body) as Behaviour);
      response.end();
      return;
    }
    const received = { path, headers: request.headers, body, at: Date.now() };
    process.stdout.write(`${JSON.stringify(received)}\n`);
    answer(response, behaviours.get(path) ?? {});
  });
});

function answer(
  response: ServerResponse,
  { status = 204, headers = {}, body = '', delayMs = 0 }: Behaviour,
): void {
  if (delayMs === null) return;
  setTimeout(() => response.writeHead(status, headers).end(body), delayMs);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : null })}\n`);
});
