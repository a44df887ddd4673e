import { createSessionStore, openRecording, readTarget, type Credentials } from '@trunkline/pbx';
import type { Logger, RedisConnection } from '@trunkline/service-kit';
import type { OpenSound } from './worker-host.ts';

export interface OpenSoundOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly credentials: Credentials;
  readonly logger: Logger;
}

/** Busy appliances take their time before the first byte. */
const silenceMs = 30_000;

/** Asks the PBX itself, with the session that the connector keeps for its link. */
export const createOpenSound =
  ({ redis, prefix, credentials, logger }: OpenSoundOptions): OpenSound =>
  async (pbx, recording, signal) => {
    const target = await readTarget(pbx, credentials);
    const { credential } = target;
    const session = createSessionStore({
      redis,
      prefix,
      pbx: pbx.pbx,
      credential,
      logger,
      wallNow: Date.now,
    });
    return openRecording(target, recording, { session, signal, now: Date.now, silenceMs, logger });
  };
