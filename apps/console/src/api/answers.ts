/** What the API answers on operators' pages, as far as they use it. Times are ISO 8601. */

export interface ListedPbx {
  readonly pbx: string;
  readonly name: string;
  readonly vendor: string;
  readonly enabled: boolean;
  readonly held: boolean;
  readonly open: boolean;
  readonly state: string;
  readonly reason: string | null;
  readonly since: string;
  readonly nextAttemptAt: string | null;
  readonly alarm: string | null;
  readonly product: string | null;
  readonly warnings: readonly string[];
  readonly snapshotAt: string | null;
  readonly revision: number;
  readonly openCalls: number;
  readonly engagedExtensions: number;
}

export interface LinkDetails {
  readonly heldBy: string | null;
  readonly heardAt: string | null;
  readonly leaseExpiresAt: string | null;
  readonly epoch: number;
  readonly failures: number;
  readonly refusedLogins: number;
  readonly blocks: readonly { readonly egress: string; readonly until: string; readonly reason: string }[];
}

export interface PbxDetail extends ListedPbx {
  readonly link: LinkDetails;
}

/** One change of how a link stands. */
export interface LinkTransition {
  readonly at: string;
  readonly was: string;
  readonly state: string;
  readonly reason: string | null;
  readonly alarm: string | null;
  readonly nextAttemptAt: string | null;
  readonly epoch: number;
  readonly holder: string;
}

export interface CleanupRun {
  readonly id: string;
  readonly pbx: string | null;
  readonly pbxName: string | null;
  readonly kind: 'disconnect' | 'reconcile' | 'sweep';
  readonly cause: string | null;
  readonly reason: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly happenedAt: string | null;
  readonly dueAt: string | null;
  readonly spared: boolean;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface CleanupRunCall {
  readonly pbx: string;
  readonly call: string;
  readonly why: string;
  readonly liveness: Liveness | null;
  readonly outcome: string;
  readonly detail: string | null;
  readonly at: string;
}

export interface CleanupChange {
  readonly kind: 'call' | 'phone';
  readonly key: string;
  readonly was: string;
  readonly became: string;
  /** What the PBX has said of it since. */
  readonly since: string | null;
}

export interface CleanupRunDetail extends CleanupRun {
  readonly changes: readonly CleanupChange[];
  readonly revived: number;
  readonly calls: readonly CleanupRunCall[];
  readonly moreCalls: boolean;
}

export type Liveness = 'gone' | 'alive' | 'unknown';

export interface DeadLetter {
  readonly id: string;
  readonly group: string;
  readonly shard: number;
  readonly entryId: string;
  readonly source: string | null;
  readonly pbxName: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly type: string | null;
  readonly error: string;
  readonly attempts: number;
  readonly state: 'parked' | 'replayed' | 'dropped';
  readonly failedAt: string;
  readonly resolvedAt: string | null;
  readonly resolvedBy: string | null;
}

export interface DeadLetterDetail extends DeadLetter {
  readonly payload: string;
  readonly traceparent: string | null;
}

export interface LetterGroups {
  readonly items: readonly LetterGroup[];
  readonly total: number;
  readonly countedAt: string;
}

export interface LetterGroup {
  readonly error: string;
  readonly group: string;
  readonly type: string | null;
  readonly count: number;
  readonly pbxs: number;
  readonly oldestAt: string;
  readonly newestAt: string;
}

export interface ResolvedLetters {
  readonly results: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly problem: string | null;
  }[];
  readonly left: number;
  readonly next: string | null;
}

export interface SweptCall {
  /** How often in a row the PBX did not answer about it; null where it did. */
  readonly unknownTimes: number | null;
  readonly pbx: string;
  readonly call: string;
  readonly was: string;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly verifiedAt: string | null;
  readonly seenAt: string;
  readonly extensions: readonly string[];
  readonly why: string;
  readonly liveness: Liveness | null;
  readonly outcome: string;
  readonly detail: string | null;
}

export interface SweepReport {
  readonly state: 'done' | 'busy' | 'overtaken';
  readonly dryRun: boolean;
  readonly verify: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly failedBatches: number;
  readonly calls: readonly SweptCall[];
  readonly callsOmitted: number;
  readonly more: boolean;
}

export interface SweepRequest {
  readonly dryRun: boolean;
  readonly verify: boolean;
  readonly by: string;
  readonly pbx: string | null;
  readonly extension: string | null;
  readonly timeoutMinutes: number | null;
}

export interface Sweep {
  readonly id: string;
  readonly stage: 'waiting' | 'planning' | 'sweeping' | 'done' | 'failed';
  readonly request: SweepRequest;
  readonly found: number | null;
  readonly batches: number;
  readonly batchesDone: number;
  readonly report: SweepReport | null;
  readonly problem: string | null;
}

export interface FinishedSweep {
  readonly id: string;
  readonly request: SweepRequest;
  readonly finishedAt: string;
  readonly report: SweepReport | null;
  readonly problem: string | null;
}

export interface Schedule {
  readonly scheduled: boolean;
  readonly everyMs: number | null;
  readonly cron: string | null;
  readonly nextAt: string | null;
  readonly verify: boolean | null;
  readonly lastAt: string | null;
  readonly lastFailed: boolean | null;
  readonly skippedAt: string | null;
}

export interface Simulator {
  readonly dialect: string;
  readonly isUp: boolean;
  readonly callsPerSecond: number;
  readonly faults: readonly {
    readonly action: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
  readonly blockedUntil: string | null;
  readonly calls: { readonly open: number; readonly placed: number; readonly ended: number };
  readonly sockets: number;
  readonly lostHangups: number;
  readonly phones: readonly { readonly number: string; readonly name: string; readonly status: string }[];
  readonly openCalls: readonly SimulatedCall[];
}

export interface SimulatedCall {
  readonly call: string;
  readonly status: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly startedAt: string;
  readonly extensions: readonly string[];
}

/** A part of the system that may be out of reach while the others are not. */
export type Told<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly because: string };

export interface StreamGroup {
  readonly group: string;
  readonly lag: number;
  readonly oldestMs: number | null;
  readonly parked: number;
}

export interface StreamShard {
  readonly shard: number;
  readonly entries: number;
  readonly trimmed: number | null;
  readonly groups: readonly {
    readonly group: string;
    readonly lastId: string | null;
    readonly servedBy: string | null;
    readonly servedAt: string | null;
    readonly lag: number;
  }[];
}

export interface QueueFigures {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

export interface Chore {
  readonly task: string;
  readonly dueAt: string | null;
  readonly finishedAt: string | null;
  readonly problem: string | null;
}

export interface SystemAnswer {
  readonly at: string;
  readonly backlogs: Told<{
    readonly outbox: { readonly messages: number; readonly oldestMs: number | null };
    readonly snapshotWishes: number;
    readonly connectors: number;
  }>;
  readonly groups: Told<readonly StreamGroup[]>;
  readonly shards: Told<readonly StreamShard[]>;
  readonly queues: Told<readonly QueueFigures[]>;
  readonly chores: Told<readonly Chore[]>;
}

export interface PushNode {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly ageMs: number;
  readonly connections: number;
  readonly topics: number;
  readonly feeds: number;
  readonly bufferedBytes: number;
  readonly resumes: number;
  readonly resets: number;
  readonly slow: number;
  readonly deliveries: number;
  readonly deliveryP50Ms: number | null;
  readonly deliveryP99Ms: number | null;
  readonly loopDelayMs: number;
}

export interface LabelledNumber {
  readonly number: string;
  readonly label: string | null;
}

/** What somebody may write about a contact. */
export interface ContactCard {
  readonly name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly tags: readonly string[];
  readonly notes: string | null;
  readonly numbers: readonly LabelledNumber[];
}

export interface Contact extends ContactCard {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly revision: number;
}

export interface ContactImport {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly state: 'uploaded' | 'waiting' | 'running' | 'complete' | 'failed' | 'cancelled';
  readonly cancelWanted: boolean;
  readonly plan: { readonly policy: MergePolicy; readonly isDryRun: boolean } | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly rowsDone: number;
  readonly bytesDone: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly problem: string | null;
}

export type MergePolicy = 'fill' | 'update' | 'skip';

export interface ImportPreview {
  readonly encoding: string;
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly country: string | null;
  readonly columns: readonly {
    readonly header: string | null;
    readonly target: string;
    readonly samples: readonly string[];
  }[];
  readonly rows: readonly {
    readonly row: number;
    readonly card: ContactCard | null;
    readonly problems: readonly string[];
  }[];
}

export interface Recording {
  readonly id: string;
  readonly recording: string;
  readonly readyAt: string;
  readonly durationSeconds: number | null;
  readonly status: 'pending' | 'stored' | 'failed' | 'deleted';
  readonly problem: string | null;
  readonly contentType: string | null;
  readonly bytes: number | null;
  readonly deletedAt: string | null;
}

export interface SoundLink {
  readonly path: string;
  readonly expiresAt: string;
}
