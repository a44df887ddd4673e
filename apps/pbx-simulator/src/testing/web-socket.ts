import { WebSocket } from 'ws';
import { until } from './open-simulator.ts';

/** A WebSocket that remembers what it hears. */
export class Listener {
  readonly frames: string[] = [];
  readonly socket: WebSocket;
  closed: number | null = null;
  refused: number | null = null;
  pongs = 0;

  constructor(url: string, headers: Record<string, string> = { 'user-agent': 'test' }) {
    this.socket = new WebSocket(url.replace(/^http/, 'ws'), { rejectUnauthorized: false, headers });
    this.socket.on('message', (data: Buffer) => this.frames.push(data.toString('utf8')));
    this.socket.on('pong', () => (this.pongs += 1));
    this.socket.on('close', (code) => (this.closed = code));
    this.socket.on('unexpected-response', (_request, response) => {
      this.refused = response.statusCode ?? 0;
      response.resume();
    });
    this.socket.on('error', () => undefined);
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN, 'an open WebSocket');
    return this;
  }

  async heard(count: number): Promise<void> {
    await until(() => this.frames.length >= count, `${count} frames`);
  }

  async gone(): Promise<number> {
    await until(() => this.closed !== null, 'a closed WebSocket');
    return this.closed ?? 0;
  }

  /** What could be read as objects. */
  get objects(): Record<string, unknown>[] {
    return this.frames.flatMap((frame) => {
      try {
        const parsed: unknown = JSON.parse(frame);
        return typeof parsed === 'object' && parsed !== null ? [{ ...parsed }] : [];
      } catch {
        return [];
      }
    });
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
