import type { Principal } from '@trunkline/access';
import type { Command, ProblemKind, Result } from '@trunkline/realtime-protocol';
import type { Watch } from '../feed/feeds.ts';
import type { PushMetrics } from '../push-metrics.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { OutboxTuning } from './outbox.ts';
import type { Session } from './session.ts';

export interface SessionTuning {
  readonly heartbeatMs: number;
  /** Whoever brought no token has so long to send one. */
  readonly authMs: number;
  /** A token that can't be checked in this time is not good enough. */
  readonly verifyMs: number;
  readonly messageBytesMax: number;
  readonly topicsMax: number;
  readonly messages: { readonly perSecond: number; readonly atOnce: number };
  readonly commandsAtOnceMax: number;
  /** So many snapshots are read for one connection at once. */
  readonly snapshotsAtOnceMax: number;
  readonly outbox: OutboxTuning;
}

/** How a command went, without the id by which the client knows it. */
export type CommandAnswer = Result extends infer Each
  ? Each extends Result
    ? Omit<Each, 'type' | 'id'>
    : never
  : never;

/** What a session needs of the node that it is on. */
export interface SessionHost {
  readonly tuning: SessionTuning;
  readonly metrics: PushMetrics;
  readonly snapshots: Snapshots;
  now(): number;
  random(): number;
  /** How widely clients should spread when this node is suddenly gone. */
  spreadMs(): number;
  verify(token: string): Promise<Principal>;
  isRevoked(principal: Principal): Promise<boolean>;
  /** Whether this user may have one more connection; if so it is counted. */
  admit(session: Session, principal: Principal): boolean;
  watch(tenant: string): Promise<Watch>;
  /** Never rejects. */
  carryOut(command: Command, principal: Principal): Promise<CommandAnswer>;
  onEnding(session: Session, kind: ProblemKind, message: string): void;
  onEnded(session: Session, principal: Principal | null): void;
}
