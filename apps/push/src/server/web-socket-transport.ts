import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Transport } from '../session/session.ts';

/**
 * Frames come whole and go to the socket as they are. That is safe beside what `ws` writes itself (pongs, the closing frame):
 * without compression it writes every frame at once and in one piece, so the two meet at the edges of frames only.
 */
export class WebSocketTransport implements Transport {
  readonly hasWayUp = true;
  readonly address: string;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;

  constructor(webSocket: WebSocket, socket: Socket, address: string) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.address = address;
  }

  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  get waiting(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Buffer): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#socket.write(bytes);
  }

  /** A peer that does not answer the closing frame is cut off by `ws` after its `closeTimeout`. */
  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }
}
