import type { Auth } from './messages/auth.ts';
import type { Command } from './messages/command.ts';
import type { Ping, Pong } from './messages/ping.ts';
import type { Resume, Subscribe, Unsubscribe } from './messages/subscribe.ts';

/** Everything that a client says. */
export type Up = Auth | Subscribe | Resume | Unsubscribe | Ping | Pong | Command;

export type UpType = Up['type'];
