/** How a member of a call stands. ALERT and ANSWERED are said of who calls, RING and ANSWER of who is called. */
export const memberStatuses = ['ALERT', 'RING', 'EARLYMEDIA', 'ANSWERED', 'ANSWER', 'HOLD', 'BYE'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

/** `internal` occurs in one published design only; it is read as a party without a number of its own. */
export type MemberSide = 'extension' | 'inbound' | 'outbound' | 'internal';

/** One member of a call. Texts are trimmed; empty where the PBX tells nothing. */
export interface Member {
  readonly side: MemberSide;
  readonly channel: string;
  /** The extension's number. */
  readonly number: string;
  readonly from: string;
  readonly to: string;
  readonly trunk: string;
  /** Menu, queue, ring group or conference that the call passed. */
  readonly path: string;
  /** null for a word that we don't know: the member is there, and stands as it stood. */
  readonly status: MemberStatus | null;
}

/** A call detail record: one stage of a call, written when that stage is over. */
export interface CallRecord {
  readonly call: string;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** ANSWERED, NO ANSWER, BUSY, VOICEMAIL and others. */
  readonly disposition: string;
  readonly talkSeconds: number;
  readonly trunk: string;
  readonly did: string;
  readonly recording: string;
}

export type Meaning =
  | { readonly kind: 'members'; readonly call: string; readonly members: readonly Member[] }
  /** null: no member was ever told. */
  | {
      readonly kind: 'failure';
      readonly call: string;
      readonly reason: string;
      readonly members: readonly Member[] | null;
    }
  | { readonly kind: 'record'; readonly record: CallRecord }
  | {
      readonly kind: 'registration';
      readonly extension: string;
      readonly device: string;
      readonly registered: boolean;
    }
  | { readonly kind: 'phone'; readonly extension: string; readonly state: PhoneState }
  | { readonly kind: 'presence'; readonly extension: string; readonly presence: string }
  /** Extensions were made, changed or deleted: the list of them should be read again. */
  | { readonly kind: 'roster' };

export type PhoneState = 'Ringing' | 'Busy' | 'Idle';

/** What a text frame is. Whatever arrives is exactly one of these. */
export type Frame =
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'reply'; readonly errcode: number; readonly errmsg: string }
  | { readonly kind: 'event'; readonly meaning: Meaning }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unknown'; readonly type: number | null }
  | { readonly kind: 'unreadable'; readonly raw: string; readonly problem: string };
