import { block } from '@trunkline/database';
import type { PbxId } from '@trunkline/domain';
import { sleep, type Logger } from '@trunkline/service-kit';
import type { LinkHost } from './link-host.ts';

/** Tries to store that our address is blocked, a moment apart. */
const attemptsMax = 120;

/** Tells all who share our address that a PBX blocks it. Resolves when it is stored, over, or given up. */
export async function storeBlock(
  { database, egress, events, now, bounds }: LinkHost,
  { pbx, forMs, reason }: { readonly pbx: PbxId; readonly forMs: number; readonly reason: string },
  logger: Logger,
): Promise<void> {
  events.blocked();
  const until = now() + forMs;
  for (let attempt = 1; attempt <= attemptsMax && now() < until; attempt += 1) {
    try {
      await database.run((tx) => block(tx, { pbx, egress, forMs: until - now(), reason }));
      return;
    } catch (error) {
      logger.error({ err: error }, 'the block could not be stored for the others, trying again');
      await sleep(bounds.storeRetryMs);
    }
  }
}
