import { once } from 'node:events';
import { WebSocket } from 'ws';
import { LinkError } from '../port/fault.ts';

/** A PBX that does not answer a goodbye is left without one. */
const GOODBYE_MS = 1_000;

export async function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
  try {
    const closed = once(socket, 'close');
    socket.close(1000);
    await closed;
  } catch {
    socket.terminate();
  } finally {
    clearTimeout(timer);
  }
}

const protocolCodes: ReadonlySet<number> = new Set([1002, 1003, 1007, 1009, 1010]);

/** What the PBX's closing means. None of its codes is documented to mean that calls are over. */
export function linkErrorOfClose(code: number, reason: string): LinkError {
  const told = reason === '' ? '' : `: ${reason.slice(0, 100)}`;
  const message = `The PBX closed the event socket (${code}${told}).`;
  if (protocolCodes.has(code)) return new LinkError({ kind: 'protocol' }, message);
  if (code === 1008) return new LinkError({ kind: 'forbidden' }, message);
  if (code === 1013) return new LinkError({ kind: 'starting' }, message);
  return new LinkError({ kind: 'unreachable' }, message);
}
