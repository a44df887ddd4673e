/** What happens may not be told in time: the server can't hear all of it just now. Nothing will be left out. */
export interface Delayed {
  readonly type: 'delayed';
  /** Absent: all topics of this connection. */
  readonly topics?: readonly string[];
}

/** Everything that happened until now has been told. */
export interface Fresh {
  readonly type: 'fresh';
  readonly topics?: readonly string[];
}
