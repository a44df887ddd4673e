import type { Revocations, TokenVerifier } from '@trunkline/access';
import type { ImportQueue } from '@trunkline/contacts';
import type { Database, OutboxMessage } from '@trunkline/database';
import type { StuckCallLimits } from '@trunkline/domain';
import type { PbxCommands } from '@trunkline/pbx-commands';
import type { Logger, Metrics, RedisConnection, RedisConnections } from '@trunkline/service-kit';
import type { FileStorage } from '@trunkline/storage';
import type { SweepRequests } from '@trunkline/stuck-calls';
import type { WebhookKeys, Webhooks } from '@trunkline/webhooks';
import type { SoundLinks } from './recordings/sound-links.ts';

/** What routes work with. */
export interface ApiContext {
  readonly database: Database;
  readonly redis: RedisConnections;
  /** For commands: limits, kept answers, the state of streams. */
  readonly connection: RedisConnection;
  /** For looking at queues. */
  readonly producer: RedisConnection;
  readonly prefix: string;
  readonly shards: number;
  readonly commands: PbxCommands;
  readonly sweepRequests: SweepRequests;
  readonly webhooks: Webhooks;
  /** Undefined where none is set: then nothing can be done that needs a secret of a webhook. */
  readonly webhookKeys: WebhookKeys | undefined;
  /** Where the sound of recordings lies, and files of contacts. */
  readonly storage: FileStorage;
  readonly imports: ImportQueue;
  /** How large a file of contacts may be. */
  readonly importBytesMax: number;
  /** Undefined where no secret is set: then no link can be made. */
  readonly soundLinks: SoundLinks | undefined;
  /** Takes what was committed to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly verifier: TokenVerifier;
  readonly revocations: Revocations;
  /** When a call counts as stuck. */
  readonly limits: StuckCallLimits;
  /** How long somebody waits for what a PBX says to a command. */
  readonly commandMs: number;
  /** The control interface of a simulated PBX; null but in development. */
  readonly simulatorUrl: string | null;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
