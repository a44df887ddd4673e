import type { ProblemKind } from '../endings.ts';

/** Something is wrong. If `endings` names a code for its kind, the socket closes after it. */
export interface ErrorMessage {
  readonly type: 'error';
  readonly kind: ProblemKind;
  /** For people who build clients. */
  readonly message: string;
  /** The topic that it is about. */
  readonly topic?: string;
  readonly retryAfterMs?: number;
}
