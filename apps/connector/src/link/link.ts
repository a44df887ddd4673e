import type { LinkFault } from '@trunkline/pbx';
import type { AttemptFault } from '../policy/attempt-fault.ts';

/** Where a link to a PBX is in its life. Each state carries only what is true in it. Times are monotonic milliseconds. */
export type Phase =
  /** Nothing is done: before the lease is taken or, for good, when it is `over`. */
  | { readonly name: 'idle'; readonly over: boolean }
  /** An attempt is under way. */
  | { readonly name: 'authenticating' | 'connecting' | 'subscribing' }
  /** Connected, and the first snapshot is not published yet. */
  | { readonly name: 'synchronising'; readonly since: number }
  | { readonly name: 'live'; readonly since: number }
  /** What is left of an attempt or a connection is being wound up; `next` says what follows. */
  | { readonly name: 'lost'; readonly next: Ending }
  | { readonly name: 'waiting'; readonly until: number; readonly leaseCheck: LeaseCheck }
  | { readonly name: 'blocked'; readonly until: number }
  | { readonly name: 'refused' };

/** Whether the lease must be proven anew before the next attempt, and whether that was asked for. */
export type LeaseCheck = 'none' | 'needed' | 'asked';

export type PhaseName = Phase['name'];

/** What follows when nothing is left of the last attempt. */
export type Ending =
  | Extract<Phase, { name: 'waiting' | 'blocked' | 'refused' }>
  /** The lease is given back: to a successor, or just so. `null` where it is lost already. */
  | { readonly name: 'idle'; readonly release: Release | null };

export interface Release {
  /** Somebody else is there to take the link over, so nothing is said about it. */
  readonly handOver: boolean;
}

export interface Link {
  readonly phase: Phase;
  /** Of the attempt under way, or the last one. What an older attempt still reports is not listened to. */
  readonly attempt: number;
  /** A connect was said and its disconnect was not. */
  readonly open: boolean;
  readonly failures: number;
  readonly credentialFailures: number;
  readonly reason: string | null;
  /** What a person should look at. */
  readonly alarm: string | null;
}

export const idleLink: Link = {
  phase: { name: 'idle', over: false },
  attempt: 0,
  open: false,
  failures: 0,
  credentialFailures: 0,
  reason: null,
  alarm: null,
};

/** What can happen to a link. */
export type LinkInput =
  | {
      readonly type: 'taken';
      /** The last holder left it open; `fresh` where it handed the link over a moment ago. */
      readonly open: boolean;
      readonly fresh: boolean;
      readonly wanted: boolean;
      readonly failures: number;
    }
  | {
      readonly type: 'phase';
      readonly attempt: number;
      readonly phase: 'authenticating' | 'connecting' | 'subscribing';
    }
  /** Nobody may log in for so long; found out before the attempt asked the PBX. */
  | { readonly type: 'heldBack'; readonly attempt: number; readonly forMs: number; readonly now: number }
  /** The PBX confirmed the subscription. `restarted`: it was started since the link was last open. */
  | {
      readonly type: 'connected';
      readonly attempt: number;
      readonly restarted: boolean;
      readonly now: number;
    }
  | (Failure & { readonly type: 'failed'; readonly fault: AttemptFault; readonly credentialFailures: number })
  | (Failure & { readonly type: 'ended'; readonly fault: LinkFault })
  /** Nothing is left of this attempt. */
  | { readonly type: 'wound'; readonly attempt: number; readonly now: number }
  | { readonly type: 'snapshotPublished'; readonly attempt: number }
  | { readonly type: 'snapshotFailed'; readonly attempt: number; readonly message: string }
  /** The time that was asked for has come. */
  | { readonly type: 'due'; readonly now: number }
  /** The lease was proven to be ours after it was asked for. */
  | { readonly type: 'leaseConfirmed'; readonly now: number }
  /** An operator wants another try. */
  | { readonly type: 'retry'; readonly now: number }
  /** Address, trust, credential or options were changed. */
  | { readonly type: 'configured'; readonly now: number }
  /** The PBX was disabled or removed. */
  | { readonly type: 'unwanted' }
  /** This replica gives the link up. */
  | { readonly type: 'release'; readonly handOver: boolean }
  | { readonly type: 'leaseLost' };

interface Failure {
  readonly attempt: number;
  readonly message: string;
  readonly now: number;
  readonly wallNow: number;
  readonly random: number;
}

/** What is to be done, in this order. */
export type LinkEffect =
  | { readonly type: 'connect'; readonly attempt: number }
  /** End the attempt or connection and say `wound` when nothing is left of it. */
  | { readonly type: 'windUp'; readonly attempt: number }
  | { readonly type: 'sayConnected' }
  | {
      readonly type: 'sayDisconnected';
      readonly reason: string;
      readonly cause: 'pbx_disconnected' | 'pbx_restarted';
    }
  /** Read words, take snapshots. */
  | { readonly type: 'follow'; readonly attempt: number }
  /** Say `due` at this time. Replaces an earlier wish. */
  | { readonly type: 'wakeAt'; readonly at: number }
  | { readonly type: 'checkLease' }
  | { readonly type: 'block'; readonly forMs: number; readonly reason: string }
  | { readonly type: 'release'; readonly handOver: boolean }
  /** The lease is gone already. */
  | { readonly type: 'forget' };
