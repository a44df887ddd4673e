/** Wants something done. It is done at most once, however often a command with the same key comes, by whichever socket. */
export interface Command {
  readonly type: 'command';
  /** Comes back in the `result`. */
  readonly id: string;
  /** Names the wish itself, and stays the same when it is sent again. */
  readonly key: string;
  /** It is not begun after that, and an answer is not waited for. */
  readonly expiresInMs: number;
  readonly command: Wanted;
}

export type Wanted = HangUp | Originate | Acknowledge | SendMessage;

export interface HangUp {
  readonly kind: 'hang_up';
  readonly pbx: string;
  readonly call: string;
}

/** Rings `from` and, when that answers, dials `to`. */
export interface Originate {
  readonly kind: 'originate';
  readonly pbx: string;
  readonly from: string;
  readonly to: string;
  readonly callerName?: string;
}

/** Somebody has seen a notification; the other devices of the user are told. */
export interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly notification: string;
}

/** Somebody writes into a conversation. */
export interface SendMessage {
  readonly kind: 'send_message';
  readonly conversation: string;
  /** Names the message among those of its author in the conversation: whatever comes again under it is the same message. */
  readonly message: string;
  readonly text: string;
}

export type CommandKind = Wanted['kind'];

export type Result = ResultDone | ResultProblem;

export interface ResultDone {
  readonly type: 'result';
  readonly id: string;
  readonly ok: true;
  readonly result: CommandOutcome;
}

/** `call`: what was made, where the PBX tells; `gone`: the call had ended already; `number`: the place of a message in its conversation. */
export interface CommandOutcome {
  readonly call?: string | null;
  readonly gone?: boolean;
  readonly number?: number;
}

export interface ResultProblem {
  readonly type: 'result';
  readonly id: string;
  readonly ok: false;
  readonly problem: CommandProblem;
  readonly message: string;
  /** False: it may have been done or not, and nobody knows. */
  readonly nothingDone: boolean;
}

export type CommandProblem =
  /** The token does not allow it. */
  | 'not_allowed'
  /** There is no such PBX, call or conversation here, or the command makes no sense. */
  | 'invalid'
  /** It was too old when it came. */
  | 'expired'
  /** The key was used before for another command. */
  | 'key_reused'
  | 'too_many'
  /** The PBX said no. */
  | 'refused'
  /** Nobody holds the link to the PBX, or it is down, or it can't be reached now. */
  | 'unavailable'
  /** It was begun and brought no result. */
  | 'unanswered';
