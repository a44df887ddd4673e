import {
  applyDueCleanups,
  findDueCleanups,
  OutboxRelay,
  type Database,
  type Deliver,
} from '@trunkline/database';
import type { Logger } from '@trunkline/service-kit';
import type { CleanupEvents } from './events.ts';

export interface DueCleanupsOptions {
  readonly database: Database;
  readonly deliver: Deliver;
  readonly events: CleanupEvents;
  readonly logger: Logger;
}

/** Cleans up after lost links whose grace period is over, a PBX in a transaction; any replica may, all at once. */
export function createDueCleanups({
  database,
  deliver,
  events,
  logger,
}: DueCleanupsOptions): () => Promise<void> {
  const relay = new OutboxRelay(database, deliver);
  return async () => {
    for (const pbx of await findDueCleanups(database)) {
      const { cleanups, messages } = await applyDueCleanups(database, pbx);
      for (const cleanup of cleanups) events.cleanedUp(cleanup);
      // The janitor of the outbox relays what is not relayed here.
      await relay.relay(messages).catch((error: unknown) => {
        logger.warn({ err: error }, 'what a cleanup changed stays in the outbox for the janitor');
      });
    }
  };
}
