export type CallDirection = 'inbound' | 'outbound' | 'internal';
export type LedgerStatus = 'calling' | 'ringing' | 'connected' | 'held' | 'ended';

/** Why a call ended. `restarted`: the PBX went down with it. */
export const endCauses = [
  'normal',
  'busy',
  'no_answer',
  'rejected',
  'offline',
  'bad_number',
  'abandoned',
  'congestion',
  'voicemail',
  'restarted',
] as const;
export type EndCause = (typeof endCauses)[number];

export interface LedgerParty {
  readonly number: string;
  readonly name?: string;
}

export interface LedgerCall {
  /** What the PBX calls it: Yeastar's call_id, Asterisk's linkedid. */
  readonly key: string;
  /** Keys of calls that became part of this one. Those calls are listed too, ended as `normal` at the merger. */
  readonly mergedKeys: readonly string[];
  readonly direction: CallDirection;
  readonly caller: LedgerParty;
  readonly dialled: string;
  /** Who answered first: an extension or an outside number. A queue, a menu or a conference room is not a person. */
  readonly answeredBy: string | null;
  readonly did?: string;
  readonly trunk?: string;
  readonly status: LedgerStatus;
  /** Times are of the real clock, also where the PBX's clock is skewed. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly cause: EndCause | null;
  /** Those with a live leg; at the end those that talked, else those that rang. In ascending order. */
  readonly extensions: readonly string[];
  /** The file, where it is recorded. */
  readonly recording: string | null;
  /** It is over and no frame said so. */
  readonly lostHangup: boolean;
}

export type PhoneStatus = 'online' | 'ringing' | 'incall' | 'busy' | 'offline';

export interface LedgerPhone {
  readonly number: string;
  readonly name: string;
  readonly status: PhoneStatus;
}

export interface Ledger {
  /** In the order in which they began; ended ones are kept up to `limits.historyMax`. */
  readonly calls: readonly LedgerCall[];
  readonly phones: readonly LedgerPhone[];
}
