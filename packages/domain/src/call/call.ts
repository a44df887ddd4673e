import type { HangupCause } from '../hangup-cause/hangup-cause.ts';
import type { ExtensionNumber } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { StatementKey } from '../statement-key.ts';
import type { Told } from '../told.ts';
import type { CallStatus, OpenCallStatus } from './call-status.ts';
import type { Party, Route } from './party.ts';

/**
 * All that is known of a call: facts, which only fill in, and the last word, which the highest key wins. Anything
 * that says something of a call is a Call too, one that knows little; what is known is the merge of all of them.
 */
export interface Call {
  readonly startedAt: Instant;
  readonly answered?: Answer | undefined;
  readonly caller?: Told<Party> | undefined;
  readonly callee?: Told<Party> | undefined;
  readonly route?: Told<Route> | undefined;
  readonly talkSeconds?: number | undefined;
  readonly lastWord: CallWord;
}

export interface Answer {
  readonly at: Instant;
  /** True where only a snapshot told that the call had been answered by then. */
  readonly approximate: boolean;
}

export type CallWord = OpenWord | EndedWord;

export interface OpenWord {
  readonly key: StatementKey;
  readonly status: OpenCallStatus;
  readonly extensions: readonly ExtensionNumber[];
}

export interface EndedWord {
  readonly key: StatementKey;
  readonly status: 'ended';
  readonly endedAt: Instant;
  readonly cause: HangupCause;
  readonly extensions: readonly ExtensionNumber[];
}

/** What people are shown of a call: the state that facts, last word and floors add up to. */
export interface ShownCall {
  readonly status: CallStatus;
  readonly endedAt: Instant | undefined;
  readonly cause: HangupCause | undefined;
  readonly talkSeconds: number | undefined;
}
