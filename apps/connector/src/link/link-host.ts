import type { Database, Deliver } from '@trunkline/database';
import type { Publisher } from '@trunkline/event-stream';
import type { Credentials, LinkTiming } from '@trunkline/pbx';
import type { CommandServer } from '@trunkline/pbx-commands';
import type { Logger, MonotonicNow, Random, RedisConnection } from '@trunkline/service-kit';
import type { ConnectorEvents } from '../events.ts';
import type { PolicyLimits } from '../policy/limits.ts';
import type { SnapshotTiming } from '../snapshots/snapshot-keeper.ts';
import type { Adapters } from './prepare-attempt.ts';

/** What a process gives to each of its links. */
export interface LinkHost {
  readonly database: Pick<Database, 'run'>;
  readonly publisher: Pick<Publisher<unknown>, 'publish'>;
  readonly redis: RedisConnection;
  readonly commandServer: Pick<CommandServer, 'serveCommands'>;
  readonly adapters: Adapters;
  readonly credentials: Credentials;
  readonly relay: Deliver;
  readonly events: ConnectorEvents;
  readonly logger: Logger;
  readonly now: MonotonicNow;
  readonly wallNow: () => number;
  readonly random: Random;
  readonly egress: string;
  readonly prefix: string;
  readonly shards: number;
  readonly timing: LinkTiming;
  /** How long a lease lasts from its renewal. */
  readonly leaseMs: number;
  readonly limits: PolicyLimits;
  readonly snapshots: Omit<SnapshotTiming, 'snapshotMs'>;
  readonly bounds: LinkBounds;
  /** Resolves when all leases were proven anew. */
  readonly proveLeases: () => Promise<void>;
}

export interface LinkBounds {
  /** After a hand-over, whoever takes the link within this need not publish that it was lost. */
  readonly handOverMs: number;
  /** Words that wait while the lease is in doubt. */
  readonly heldWordsMax: number;
  /** For what is left of a connection to end. */
  readonly windUpMs: number;
  /** For the last words of a link to be written when it is given back. */
  readonly lastWordsMs: number;
  /** Between looks for another secret while a credential is refused. */
  readonly credentialLookMs: number;
  /** The least time between snapshots for words that could not be read. */
  readonly babbleMs: number;
  readonly storeRetryMs: number;
}

export const linkBounds: Omit<LinkBounds, 'babbleMs'> = {
  handOverMs: 10_000,
  heldWordsMax: 10_000,
  windUpMs: 5_000,
  lastWordsMs: 3_000,
  credentialLookMs: 15_000,
  storeRetryMs: 500,
};
