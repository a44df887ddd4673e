import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SessionHost, SessionTuning } from '../session/session-host.ts';
import type { Session } from '../session/session.ts';

/** Where connections of one kind come in. */
export interface Door<Socket> {
  open(request: IncomingMessage, socket: Socket, head: Buffer, address: string): void;
}

/** Where those come in who can only listen. */
export interface StreamDoor {
  open(request: IncomingMessage, response: ServerResponse, address: string): void;
}

/** What a door needs of its node. An address is counted by whoever opens the door, and released here. */
export interface DoorHost {
  readonly tuning: SessionTuning;
  readonly sessions: SessionHost;
  readonly fullRetryMs: number;
  isFull(): boolean;
  entered(session: Session): void;
  left(session: Session): void;
  /** It went before there was a session. */
  leftEarly(address: string): void;
  onBroken(error: Error): void;
}
