import type { TestRedisServer } from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';
import type { Random } from '../../support/random.ts';
import type { ServiceFleet } from '../service-fleet.ts';
import type { Swallower } from './swallower.ts';

export interface PushWeatherParts {
  readonly fleet: ServiceFleet;
  readonly redis: Pick<TestRedisServer, 'kill'>;
  readonly swallowers: readonly Swallower[];
  readonly random: Random;
  readonly onFrozen: (isFrozen: boolean) => void;
}

export interface PushStrikes {
  readonly kills: number;
  readonly freezes: number;
  /** Pieces of what Redis published that were meant to be lost. */
  readonly swallows: number;
}

export const killEveryMs = 5_000;
const awayMsMax = 1_000;
const swallowEveryMs = { min: 200, max: 900 } as const;
/** Redis sleeps this long, once in so many strikes of the clock below. */
const frozenMs = { min: 2_000, max: 4_000 } as const;
const freezeEveryMs = 25_000;
const firstFreezeMs = 3_000;

/** A node is killed every 5 s, messages are lost all the while, and now and then Redis stands still. */
export async function ragePush(parts: PushWeatherParts, forMs: number): Promise<PushStrikes> {
  const { fleet, redis, swallowers, random, onFrozen } = parts;
  const endsAt = performance.now() + forMs;
  const strikes = { kills: 0, freezes: 0, swallows: 0 };

  async function kill(): Promise<void> {
    const under: Promise<void>[] = [];
    for (;;) {
      await sleep(killEveryMs);
      if (performance.now() >= endsAt) break;
      strikes.kills += 1;
      under.push(fleet.kill(random.between(0, fleet.size - 1), random.between(0, awayMsMax)));
    }
    await Promise.all(under);
  }

  async function swallow(): Promise<void> {
    while (performance.now() < endsAt) {
      await sleep(random.between(swallowEveryMs.min, swallowEveryMs.max));
      const pieces = random.between(1, 3);
      strikes.swallows += pieces;
      random.pick(swallowers).swallow(pieces);
    }
  }

  async function freeze(): Promise<void> {
    for (let waitMs = firstFreezeMs; performance.now() + waitMs < endsAt; waitMs = freezeEveryMs) {
      await sleep(waitMs);
      strikes.freezes += 1;
      await fleet.whileStoreIsAway(async () => {
        onFrozen(true);
        redis.kill('SIGSTOP');
        await sleep(random.between(frozenMs.min, frozenMs.max));
        redis.kill('SIGCONT');
        onFrozen(false);
      });
    }
  }

  await Promise.all([kill(), swallow(), freeze()]);
  return strikes;
}
