import type { CallPlan } from '../contract/call-plan.ts';
import type { EndCause } from '../contract/ledger.ts';
import type { Call } from './call.ts';
import type { Switchboard } from './switchboard.ts';

/** The key is given where a client chose it. */
export type OpenPlan = CallPlan & { readonly key?: string };

/** What the flows work with: the switchboard, and the books of calls. */
export interface Desk {
  readonly board: Switchboard;
  /** Whether picking up a call is a call of its own at first, as in Asterisk. */
  readonly pickupIsCall: boolean;
  openCall(plan: OpenPlan): Call;
  /** Called before the first frame of the end: decides whether the frames of the end get lost. */
  beginEnd(call: Call): void;
  closeCall(call: Call, cause: EndCause): void;
  /** A step is complete. */
  changed(call: Call): void;
}

/** An order that makes no sense now. */
export class OrderError extends Error {
  override readonly name = 'OrderError';
}
