import { connect, type Socket } from 'node:net';
import { withDeadline } from '@trunkline/service-kit';

const waitMs = 90_000;

export interface RawAnswer {
  /** Null where the connection ended without a word. */
  readonly status: number | null;
  readonly text: string;
}

/** Writes these very bytes to a port, and waits until the other side ends the connection. */
export async function rawRequest(
  port: number,
  write: (socket: Socket) => unknown,
  what = 'the end of a raw connection',
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  // The server may cut it as it likes.
  socket.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  write(socket);
  try {
    await withDeadline(ended, waitMs, what);
  } finally {
    socket.destroy();
  }
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  return { status: status === undefined ? null : Number(status), text };
}
