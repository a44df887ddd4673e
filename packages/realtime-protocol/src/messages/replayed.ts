import type { Position } from '../position.ts';

/** What was missed has been told, in `count` data messages before this one; from here on the topic is live. */
export interface Replayed extends Position {
  readonly type: 'replayed';
  readonly topic: string;
  readonly count: number;
}
