export const recordingFaults = ['expired', 'cut', 'short', 'missing'] as const;
export type RecordingFault = (typeof recordingFaults)[number];

export type SnapshotMode = 'ok' | 'failing' | 'partial' | 'slow';

/** One way to misbehave. Shares go from 0 to 1. */
export type Fault =
  /** Cuts every connection once: `close` ends it as a process that dies does, `reset` with a TCP reset. */
  | { readonly kind: 'drop'; readonly how: 'close' | 'reset' }
  /** What is connected stays open and silent both ways. With `acceptNone` new connections hang as well. */
  | { readonly kind: 'halfOpen'; readonly acceptNone?: boolean }
  /** Cuts a client whose socket does not take a write for so long. */
  | { readonly kind: 'slowReader'; readonly ms: number }
  /** All sources are blocked for so long. Open sockets stay. */
  | { readonly kind: 'block'; readonly ms: number }
  | { readonly kind: 'refuseCredentials' }
  /** Yeastar: no token that was issued is good any more. Open sockets stay. */
  | { readonly kind: 'expireTokens' }
  /** Down for so long, with all calls lost. `announce` says goodbye where the vendor does, and ends the calls before. */
  | { readonly kind: 'restart'; readonly downMs: number; readonly announce?: boolean }
  | {
      readonly kind: 'frames';
      readonly lose?: number;
      readonly duplicate?: number;
      readonly delayMs?: number;
      /** The share of frames that change places with the next one. */
      readonly reorder?: number;
    }
  /** Yeastar: a frame tells of one member only. */
  | { readonly kind: 'singleMember' }
  /** Yeastar: shares of calls that end without the details, or whose members never say BYE. Never both. */
  | { readonly kind: 'endings'; readonly withoutDetails?: number; readonly withoutBye?: number }
  /** The share of calls that end without any frame that says so. */
  | { readonly kind: 'loseHangups'; readonly share: number }
  /**
   * How lists are answered. `partial`: fewer rows than promised, or a list that breaks off. `slow`: after `ms` (3 s
   * unless given).
   */
  | { readonly kind: 'snapshot'; readonly mode: SnapshotMode; readonly ms?: number }
  /** Broken copies follow good frames: a share of them, or the next `count`. `instead` leaves the good one out. */
  | {
      readonly kind: 'malformed';
      readonly share?: number;
      readonly count?: number;
      readonly instead?: boolean;
    }
  /** The PBX's clock is ahead (or, negative, behind). */
  | { readonly kind: 'clockSkew'; readonly ms: number }
  /** ARI: another client takes the application; `quietly` without a word to the one before. */
  | { readonly kind: 'replaceApplication'; readonly quietly?: boolean }
  /**
   * How recordings are given out: `expired`: no link is good (ARI refuses them); `cut`: the answer breaks off; `short`: it is whole, and
   * the sound in it is not; `missing`: there are none.
   */
  | { readonly kind: 'recordings'; readonly how: RecordingFault }
  /** REST answers 503 (ARI), errcode -2 (Yeastar), actions an error (AMI). */
  | { readonly kind: 'unavailable' }
  /** Each fault so many milliseconds from now on. `heal` in its place heals all but the schedule. */
  | { readonly kind: 'schedule'; readonly steps: readonly ScheduledFault[] };

export interface ScheduledFault {
  readonly afterMs: number;
  readonly fault: Fault | 'heal';
}

export type FaultKind = Fault['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;
