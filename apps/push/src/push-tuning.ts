import { limits } from '@trunkline/realtime-protocol';
import type { FeedsTuning } from './feed/feeds.ts';
import type { SessionTuning } from './session/session-host.ts';
import type { SnapshotsTuning } from './snapshots/snapshots.ts';

/** Every bound of this room. Operators set the few that stand in the settings; tests set others. */
export interface PushTuning {
  readonly feeds: FeedsTuning;
  readonly sessions: SessionTuning;
  readonly snapshots: SnapshotsTuning;
  /**
   * How long it is waited to hear whether a token was revoked; less than a session has for its check. A socket that
   * waits costs little, and one that is sent away comes back a while after Redis does.
   */
  readonly revocationsMs: number;
  readonly headersMs: number;
  readonly connectionsMax: number;
  readonly perAddressMax: number;
  readonly perUserMax: number;
  /** All that waits for slow sockets. */
  readonly bufferedBytesMax: number;
  /** How often sessions are looked at. */
  readonly lookMs: number;
  readonly drain: DrainTuning;
}

export interface DrainTuning {
  /** Over so long clients get their slots to move. */
  readonly windowMs: number;
  /** From its slot a client has so long to be gone. */
  readonly graceMs: number;
}

export const PUSH_TUNING: PushTuning = {
  feeds: {
    joinMs: 4,
    listenersAtOnce: 256,
    ring: { entriesMax: 2_000, lettersMax: 8 * 1024 * 1024 },
    ringLettersTotal: 256 * 1024 * 1024,
    lateMs: 150,
    // As many as a feed keeps, and some that are added meanwhile.
    readBack: { entriesMax: 2_000, lettersMax: 32 * 1024 * 1024 },
    probeMs: 1_000,
    silenceMs: 3_000,
    lingerMs: 30_000,
  },
  sessions: {
    heartbeatMs: 20_000,
    authMs: 10_000,
    verifyMs: 10_000,
    messageBytesMax: limits.messageBytesMax,
    topicsMax: limits.topicsMax,
    messages: { perSecond: limits.messagesPerSecond, atOnce: limits.messagesAtOnce },
    commandsAtOnceMax: limits.commandsAtOnceMax,
    snapshotsAtOnceMax: 4,
    outbox: { queueBytesMax: 256 * 1024 },
  },
  snapshots: { parallelMax: 4, waitingMax: 1_000, timeoutMs: 15_000, shareMs: 1_000 },
  revocationsMs: 8_000,
  headersMs: 10_000,
  connectionsMax: 20_000,
  perAddressMax: 1_000,
  perUserMax: 50,
  bufferedBytesMax: 512 * 1024 * 1024,
  lookMs: 1_000,
  drain: { windowMs: 8_000, graceMs: 3_000 },
};
