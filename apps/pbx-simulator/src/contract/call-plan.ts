import type { EndCause } from './ledger.ts';

/**
 * What kind of call. In `queue`, `menu` and `conference` the PBX answers the caller first, which connects nobody yet. A
 * `group` rings several phones at once. In a `menu` the caller keys the extension `to`.
 */
export const callKinds = ['internal', 'inbound', 'outbound', 'queue', 'group', 'menu', 'conference'] as const;
export type CallKind = (typeof callKinds)[number];

export interface CallPlan {
  readonly kind: CallKind;
  /** An extension, or an outside number, which makes it an inbound call. */
  readonly from: string;
  /** An extension, an outside number, or the number of the queue, group or room. */
  readonly to: string;
  /** The extensions of a queue, group or conference. */
  readonly members?: readonly string[];
}

export interface TransferOrder {
  /** The extension that hands its call on. */
  readonly by: string;
  readonly to: string;
  /**
   * `blind`: `to` rings, and `answer()` answers there. `attended`: all of it happens at once, with a consultation that
   * `to` answers and that merges into this call.
   */
  readonly kind: 'blind' | 'attended';
}

/** Steers one call. An order that makes no sense at that moment throws an Error that says why. */
export interface CallHandle {
  readonly key: string;
  /** The phones that are dialled ring; one that is off or busy ends the call at once. */
  ring(): void;
  /** One of those that ring answers: the first unless named. */
  answer(by?: string): void;
  hold(by: string): void;
  resume(by: string): void;
  transfer(order: TransferOrder): void;
  /** Another extension takes the ringing call. */
  pickup(by: string): void;
  /** One more extension takes part. */
  join(extension: string): void;
  record(): void;
  /**
   * A party leaves; without a party, or when fewer than two are left, the call is over. Before it is answered the cause
   * is `abandoned` when the caller gives up (or nobody is named), `rejected` when the phone that rings does, or as given.
   */
  hangUp(by?: string, cause?: EndCause): void;
}
