import type { DataType, RowsByType } from '../data-types.ts';
import type { Position } from '../position.ts';

/**
 * Why a topic starts anew:
 * - `new`: no position was given;
 * - `lost`: the feed is another one than that of the position;
 * - `gap`: what lies behind the position is not kept any more;
 * - `slow`: the client took too long to read.
 */
export type ResetReason = 'new' | 'lost' | 'gap' | 'slow';

/**
 * The topic starts anew. Unless it is resumable, the `snapshot` of the state at this position follows, then what happened
 * behind it. If it is resumable, the subscription has ended at this position, nothing is lost, and the client subscribes
 * again with it as soon as it can keep up.
 */
export interface Reset extends Position {
  readonly type: 'reset';
  readonly topic: string;
  readonly reason: ResetReason;
  readonly resumable: boolean;
}

/** A part of the state. What was known of the topic is replaced when the part that is `last` has come. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly topic: string;
  /** Counts from 0. */
  readonly part: number;
  readonly last: boolean;
  readonly rows: { readonly [Type in DataType]?: readonly RowsByType[Type][] };
}
