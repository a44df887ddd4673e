import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take the near end of outgoing connections (32768 and up on Linux, 49152 on
 * macOS). Inside it, a client that keeps trying to reach a server which is down can be given the very port it is
 * calling and so connect to itself, and the server can never come back.
 */
const range = { first: 20_000, end: 32_000 } as const;

/** Twenty taken ports in a row on a machine with twelve thousand to offer means that something else is wrong. */
const ATTEMPTS_MAX = 20;

/**
 * A port that was free on 127.0.0.1 a moment ago: the wanted one if nobody has it, else any. Somebody may take it
 * before the server binds it, so whoever starts the server must be ready to try again with another.
 */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await isFree(wanted))) return wanted;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(range.first, range.end);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `No free port on 127.0.0.1: ${ATTEMPTS_MAX} of ${range.first} to ${range.end} were all taken.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
