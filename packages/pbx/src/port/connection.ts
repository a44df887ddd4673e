import type { Logger } from '@trunkline/service-kit';
import type { LinkError } from './fault.ts';
import type { PbxTarget, Vendor } from './target.ts';
import type { PbxSnapshot, Word } from './words.ts';

/** One vendor's adapter. It reports facts and keeps no policy: it never retries a login and never reconnects. */
export interface PbxAdapter {
  readonly vendor: Vendor;
  /**
   * Logs in, opens the socket, subscribes, and resolves once the PBX has confirmed the subscription. Rejects with a
   * LinkError, also when `signal` aborts. Makes at most one login attempt.
   */
  connect(target: PbxTarget, context: ConnectContext): Promise<PbxConnection>;
}

export type ConnectPhase = 'authenticating' | 'connecting' | 'subscribing';

export interface ConnectContext {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Milliseconds since 1970, by our clock; all times that adapters report are of this clock. */
  readonly now: () => number;
  readonly timing: LinkTiming;
  /** Told as connecting goes on. */
  readonly onPhase: (phase: ConnectPhase) => void;
  /** Keeps what a vendor's login gives (tokens) beyond the life of a process, so that none is left behind unused. */
  readonly session: SessionStore;
}

/** How long is waited for what, in milliseconds. */
export interface LinkTiming {
  /** For the TCP connection with TLS. */
  readonly dialMs: number;
  /** For the answer to one request, or to login and subscription. */
  readonly answerMs: number;
  /** Between heartbeats. */
  readonly heartbeatEveryMs: number;
  /** For anything at all to arrive after a heartbeat. */
  readonly heartbeatAnswerMs: number;
  /** For a whole snapshot. */
  readonly snapshotMs: number;
}

/** A small text that outlives the process, for one (PBX, user). `null` where there is none. */
export interface SessionStore {
  read(): Promise<string | null>;
  /** `expiresAt` is when the text is worthless (ms since 1970). */
  write(text: string, expiresAt: number): Promise<void>;
  clear(): Promise<void>;
}

export type Liveness = 'alive' | 'gone' | 'unknown';

export interface PbxConnection extends AsyncDisposable {
  /**
   * What the PBX says from the subscription on, in order. May be iterated once. Ends when the link ends, for whatever
   * reason; never throws. What waits to be read is bounded: a reader that lags behind for too long ends the link as
   * `overrun`. Words about calls that were under way before the link was up are held back until the first snapshot
   * has been taken or has failed, since the PBX tells of such calls in halves.
   */
  words(): AsyncIterable<Word>;
  /** Resolves (never rejects) with how the link ended: the PBX's doing, the network's, or `closed` by disposal. */
  readonly ended: Promise<LinkError>;
  /** Everything that goes on, complete, or a rejection: a LinkError or RefusalError. One at a time. */
  snapshot(signal: AbortSignal): Promise<PbxSnapshot>;
  /** Whether the PBX knows of this call. `unknown` for whatever is not a clear yes or no; never rejects. */
  isAlive(call: string, signal: AbortSignal): Promise<Liveness>;
  /** The PBX rings `from` and, when that answers, dials `to`. */
  originate(request: OriginateRequest, signal: AbortSignal): Promise<Originated>;
  /** Ends a call with all its legs. `gone` where there was nothing to end. */
  hangUp(call: string, signal: AbortSignal): Promise<'done' | 'gone'>;
  /** What the PBX tells of itself. */
  readonly identity: PbxIdentity;
  readonly tally: Readonly<Tally>;
  /** Logs out, closes the socket, resolves when it is closed or a short deadline has passed. Never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface OriginateRequest {
  readonly from: string;
  readonly to: string;
  readonly callerName?: string | undefined;
  /** Unique for this wish; adapters whose vendor allows it make the call recognisable and the wish repeatable by it. */
  readonly id: string;
}

export interface Originated {
  /** The call, where the PBX tells which one it became. */
  readonly call: string | null;
}

export interface PbxIdentity {
  /** Product and version, for people. */
  readonly product: string | null;
  readonly serial: string | null;
  /** Changes with every start of the PBX; null where the PBX doesn't tell. */
  readonly startMark: string | null;
  /** What a person should set up on the PBX, in words; such as monitoring that is off for some phones. */
  readonly warnings: readonly string[];
}

/** Every frame received is counted once here: frames = replies + heartbeats + events + ignored + unknown + unreadable. */
export interface Tally {
  frames: number;
  /** Answers to what we sent. */
  replies: number;
  heartbeats: number;
  /** Frames that we read as events, whether or not they changed anything. */
  events: number;
  /** Known kinds that don't concern us. */
  ignored: number;
  unknown: number;
  unreadable: number;
  bytes: number;
}
