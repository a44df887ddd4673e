/** The first word of the server, before it knows who is there. */
export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  /** The server's clock, ISO 8601: to be shown, never to be compared with a clock of the client. */
  readonly time: string;
  /** How often the server pings. A client that hears nothing for two and a half times as long takes the socket for dead. */
  readonly heartbeatMs: number;
  /** Whoever offered no token has so long to send `auth`. */
  readonly authWithinMs: number;
  /** After a close that gave no slot: wait a random time up to this before the first attempt. */
  readonly spreadMs: number;
  readonly limits: HelloLimits;
}

export interface HelloLimits {
  readonly messageBytesMax: number;
  readonly topicsMax: number;
  readonly messagesPerSecond: number;
  readonly messagesAtOnce: number;
}
