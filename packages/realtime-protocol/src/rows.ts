/**
 * What the rows of data messages hold: whole rows, as they were committed. A row may have more fields than are named here.
 * Times are ISO 8601 with an offset. Of a thing told twice the row with the highest `revision` counts, or `version`, a
 * decimal text that is compared as a number.
 */
export interface CallRow {
  readonly pbx: string;
  /** Unique within its PBX. */
  readonly call: string;
  readonly status: 'calling' | 'ringing' | 'connected' | 'held' | 'ended';
  readonly startedAt: string;
  readonly answeredAt: string | null;
  /** The answer was some time before; only a snapshot told of it. */
  readonly answeredApproximate: boolean;
  readonly endedAt: string | null;
  readonly cause: string | null;
  readonly talkSeconds: number | null;
  readonly direction: 'inbound' | 'outbound' | 'internal' | null;
  readonly trunk: string | null;
  readonly did: string | null;
  readonly callerNumber: string | null;
  readonly callerName: string | null;
  readonly calleeNumber: string | null;
  readonly calleeName: string | null;
  /** The phones that take part. */
  readonly extensions: readonly string[];
  /** Those that ever did; null where nobody can say. */
  readonly phones?: readonly string[] | null;
  readonly revision: number;
}

export interface ExtensionRow {
  readonly pbx: string;
  readonly extension: string;
  readonly name: string | null;
  readonly status: 'online' | 'ringing' | 'incall' | 'busy' | 'offline';
  readonly lastSeenAt: string;
  readonly revision: number;
}

export interface RecordingRow {
  readonly pbx: string;
  readonly recording: string;
  readonly call: string | null;
  readonly readyAt: string;
  readonly durationSeconds: number | null;
  readonly id: string;
  readonly status: string;
  readonly bytes: number | null;
  readonly problem: string | null;
  readonly revision: number;
}

/** How the link to a PBX stands. The last four are told in snapshots only. */
export interface LinkRow {
  readonly pbx: string;
  readonly state: string;
  readonly reason: string | null;
  readonly since: string;
  readonly nextAttemptAt: string | null;
  readonly alarm: string | null;
  readonly open: boolean;
  readonly product: string | null;
  readonly warnings: readonly string[];
  readonly snapshotAt: string | null;
  readonly revision: number;
  readonly name?: string;
  readonly vendor?: string;
  readonly enabled?: boolean;
  /** Somebody holds the link; if not, nobody knows how it stands. */
  readonly held?: boolean;
}

export interface PbxConnectedRow {
  readonly pbx: string;
  readonly version: string;
  readonly since: string;
}

export interface PbxDisconnectedRow {
  readonly pbx: string;
  readonly version: string;
  readonly since: string;
  readonly cause: string;
  readonly reason: string;
  /** What was done about it; null while a grace period runs. Of two with one version the one with a cleanup counts. */
  readonly cleanup: Readonly<Record<string, number>> | null;
  readonly graceMs: number | null;
}

export interface CleanupRunRow {
  readonly id: string;
  readonly pbx: string | null;
  readonly kind: string;
  readonly version: string | null;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly happenedAt: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly spared: boolean;
  readonly dueAt: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly revision: number;
}

/** An import of contacts: `import_progress`, and at its end `import_complete` or `import_error`. */
export interface ImportRow {
  readonly import: string;
  readonly revision: number;
  readonly state?: string;
  /** Rows that are done, and how many there are: guessed by the bytes until the end is read. */
  readonly done?: number;
  readonly total?: number;
  readonly bytes?: number;
  readonly bytesDone?: number;
  readonly created?: number;
  readonly updated?: number;
  readonly unchanged?: number;
  readonly skipped?: number;
  readonly rejected?: number;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly message?: string;
}

/** A call of the parallel dialer, or its conference. */
export interface DialerRow {
  readonly id: string;
  readonly call?: string | null;
  readonly status?: string;
}

export interface NotificationRow {
  readonly user: string;
  readonly notification: string;
  readonly title?: string;
  readonly text?: string;
}

/** Some device of the user has acknowledged a notification. */
export interface NotificationAcknowledgedRow {
  readonly user: string;
  readonly notification: string;
  readonly at: string;
}

/** A message in a conversation, or how its assistant stands. */
export interface ConversationRow {
  readonly conversation: string;
  /** The name that its author gave it. */
  readonly id?: string;
  /** The place of a message in its conversation, from 1 on: what comes twice has the same one. */
  readonly number?: number;
  readonly author?: string;
  readonly text?: string;
  readonly at?: string;
  /** Of `extraction_complete`: a summary is being made. */
  readonly summary_triggered?: boolean;
}
