/** This server stops. The client opens its next socket after `afterMs`, and only then closes this one. */
export interface Moving {
  readonly type: 'moving';
  readonly afterMs: number;
  /** When this socket is closed, whether the client has moved or not. */
  readonly closeInMs: number;
}
