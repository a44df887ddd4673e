import type { ImportJob, KeptFor } from '@trunkline/contacts';
import type { Database, OutboxMessage } from '@trunkline/database';
import type { Logger } from '@trunkline/service-kit';
import type { FileStorage } from '@trunkline/storage';
import type { Queue } from 'bullmq';
import type { ImportEvents } from './events.ts';

/** What jobs and loops work with. */
export interface WorkerHost {
  readonly database: Database;
  readonly storage: FileStorage;
  readonly queue: Queue<ImportJob>;
  readonly kept: KeptFor;
  /** Rows of a chunk; as the import itself finds right unless given. */
  readonly chunkRows: number | undefined;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly events: ImportEvents;
  readonly logger: Logger;
}
