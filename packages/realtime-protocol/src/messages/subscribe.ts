import type { Position } from '../position.ts';

/** Wants topics. Each is answered by itself: `replayed`, `reset` or `error`. */
export interface Subscribe {
  readonly type: 'subscribe';
  readonly topics: readonly Wish[];
}

/** A topic, and where the client stands in it if it stood there before. */
export interface Wish extends Partial<Position> {
  readonly topic: string;
}

/** The same after a reconnect: every topic at once, each with the place up to which it was heard. */
export interface Resume {
  readonly type: 'resume';
  readonly topics: readonly (Position & { readonly topic: string })[];
}

export interface Unsubscribe {
  readonly type: 'unsubscribe';
  readonly topics: readonly string[];
}

/** Nothing of this topic follows, until somebody subscribes to it again. */
export interface Unsubscribed {
  readonly type: 'unsubscribed';
  readonly topic: string;
}
