/** What the simulator counts, from its start on; nothing is ever reset. */
export interface Counters {
  /** Every attempt counts, refused or blocked ones too. A connection that a blocked source opens is an attempt. */
  readonly logins: {
    readonly attempts: number;
    readonly accepted: number;
    readonly refused: number;
    readonly whileBlocked: number;
  };
  /** Sockets on which events are sent: WebSockets, AMI sessions after login. */
  readonly sockets: { readonly open: number; readonly opened: number; readonly closed: number };
  readonly connections: { readonly open: number; readonly opened: number };
  readonly tokens: { readonly live: number; readonly issued: number; readonly revoked: number };
  /** Yeastar's heartbeat, ARI's WebSocket pings, AMI's Ping. */
  readonly heartbeats: number;
  /** Times that the list of calls was asked for. */
  readonly snapshots: number;
  readonly requests: number;
  /** Frames that carry events, counted once a socket. */
  readonly framesSent: number;
  readonly framesLost: number;
  readonly framesDuplicated: number;
  readonly framesMalformed: number;
  readonly calls: { readonly placed: number; readonly ended: number; readonly skipped: number };
}
