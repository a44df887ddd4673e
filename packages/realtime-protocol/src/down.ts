import type { Renewed } from './messages/auth.ts';
import type { Result } from './messages/command.ts';
import type { Connected } from './messages/connected.ts';
import type { Data } from './messages/data.ts';
import type { ErrorMessage } from './messages/error.ts';
import type { Delayed, Fresh } from './messages/freshness.ts';
import type { Hello } from './messages/hello.ts';
import type { Moving } from './messages/moving.ts';
import type { Heartbeat, Pong } from './messages/ping.ts';
import type { Replayed } from './messages/replayed.ts';
import type { Reset, Snapshot } from './messages/reset.ts';
import type { Unsubscribed } from './messages/subscribe.ts';

/** Everything that a server says. */
export type Down =
  | Hello
  | Connected
  | Renewed
  | Replayed
  | Reset
  | Snapshot
  | Data
  | Unsubscribed
  | Heartbeat
  | Pong
  | Delayed
  | Fresh
  | Moving
  | Result
  | ErrorMessage;

export type DownType = Down['type'];
