/** What a channel does, in the words of both interfaces. Whatever else there is (dialing, off hook) is `other`. */
export type ChannelState = 'down' | 'ring' | 'ringing' | 'up' | 'busy' | 'other';

/** A channel as a frame shows it. Texts that are not known are empty. */
export interface ChannelSaid {
  /** The Uniqueid. */
  readonly id: string;
  readonly name: string;
  readonly state: ChannelState;
  readonly number: string;
  readonly callerName: string;
  readonly exten: string;
  /** What this very frame says of the conversation that the channel belongs to; null where frames don't say it. */
  readonly linkedid: string | null;
}

export interface BridgeSaid {
  readonly id: string;
  /** A waiting room (music on hold, parking): who is in it together does not talk. */
  readonly holding: boolean;
  /** A conference room: its visitors talk and keep calls of their own. */
  readonly conference: boolean;
}

/** What frames of ARI and AMI have in common: everything that the leg map needs, and nothing of how it was said. */
export type Fact =
  | { readonly kind: 'channel'; readonly created: boolean; readonly channel: ChannelSaid }
  | {
      readonly kind: 'dial';
      /** Null where the PBX itself dials, on somebody's wish. */
      readonly caller: ChannelSaid | null;
      readonly peer: ChannelSaid;
      /** Empty at the beginning; RINGING, PROGRESS, PROCEEDING on the way; everything else is the end. */
      readonly status: string;
    }
  | { readonly kind: 'enter'; readonly bridge: BridgeSaid; readonly channel: ChannelSaid }
  | { readonly kind: 'leave'; readonly bridge: string; readonly channel: ChannelSaid }
  | { readonly kind: 'hold'; readonly channel: ChannelSaid; readonly on: boolean }
  | {
      readonly kind: 'hangup';
      readonly channel: ChannelSaid;
      readonly cause: number;
      readonly techCause: number;
    }
  | {
      readonly kind: 'recorded';
      /** The channel or the room that was recorded. */
      readonly channel: string | null;
      readonly bridge: string | null;
      /** The file, or, where the frame does not tell it, the channel that it was named after. */
      readonly file: string | ChannelSaid;
      readonly durationSeconds: number | null;
    }
  | { readonly kind: 'device'; readonly device: string; readonly state: string }
  | { readonly kind: 'endpoint'; readonly device: string; readonly state: string }
  | { readonly kind: 'hint'; readonly exten: string; readonly devices: string; readonly status: number };

/**
 * What a codec makes of a frame: a fact, or why there is none. `replaced`, `shutdown` and `probe` are about the link itself.
 */
export type Decoded =
  | Fact
  | { readonly kind: 'ignored' | 'unknown' | 'reply' | 'replaced' | 'shutdown' }
  | { readonly kind: 'probe'; readonly mark: string }
  | { readonly kind: 'unreadable'; readonly problem: string };

const keyLengthMax = 256;
const plainKey = /^[!-~]+$/;
// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const control = /[\u0000-\u001f\u007f]/;

/** Ids and names become keys of calls and phones, which may hold neither control characters nor halves of pairs. */
export const isKey = (text: unknown): text is string =>
  typeof text === 'string' &&
  text.length > 0 &&
  text.length <= keyLengthMax &&
  (plainKey.test(text) || (!control.test(text) && text.isWellFormed()));
