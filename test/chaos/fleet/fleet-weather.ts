import { assertNever, sleep } from '@trunkline/service-kit';
import type { Random } from '../../support/random.ts';
import { LinkWeather, linkStrikes, rage, type Strike } from '../link/link-weather.ts';
import type { Office } from '../link/office.ts';
import type { ServiceFleet, StoreName } from '../service-fleet.ts';
import type { StormStores } from './storm-stores.ts';

const storeStrikes = [
  'PostgreSQL restarts',
  'PostgreSQL crashes',
  'Redis restarts',
  'Redis crashes',
  'Redis freezes',
  'Redis is flushed',
  'Redis comes back empty',
] as const;

type StoreStrike = (typeof storeStrikes)[number];
export type FleetStrike = Strike | StoreStrike;

/** What befalls a store befalls everybody, so it is a rarer thing than what befalls one process or one PBX. */
const strikes: readonly FleetStrike[] = [...linkStrikes, ...linkStrikes, ...storeStrikes];

/** Most strikes cost a process its life or a link its snapshot, and all of them share few cores. */
const pauseMs = { min: 200, max: 1_800 };

const storeAwayMs = { min: 0, max: 2_500 };
const storeFrozenMs = { min: 200, max: 3_000 };

/** A store is left alone for so long after it was struck, or nothing would ever be done. */
const respiteMs = 1_500;

/** Everything that can happen to links, processes and stores, in random order, and then clear sky. */
export class FleetWeather {
  readonly counts = new Map<FleetStrike, number>();
  readonly #fleet: ServiceFleet;
  readonly #stores: StormStores;
  readonly #random: Random;
  readonly #links: LinkWeather;
  readonly #struck = new Set<StoreName>();

  constructor(fleet: ServiceFleet, stores: StormStores, offices: readonly Office[], random: Random) {
    this.#fleet = fleet;
    this.#stores = stores;
    this.#random = random;
    this.#links = new LinkWeather(fleet, offices, random, ['silent', 'refused', 'stranded']);
  }

  async rage(forMs: number): Promise<void> {
    const strike = (what: FleetStrike) => this.#strike(what);
    await rage({ strikes, strike, random: this.#random, counts: this.counts, forMs, pauseMs });
  }

  async #strike(strike: FleetStrike): Promise<void> {
    if (!isStoreStrike(strike)) return this.#links.strike(strike);
    const { min, max } = strike === 'Redis freezes' ? storeFrozenMs : storeAwayMs;
    const forMs = this.#random.between(min, max);
    const store = strike.startsWith('Redis') ? 'redis' : 'database';
    if (this.#struck.has(store)) return;
    this.#struck.add(store);
    await this.#fleet.whileStoreIsAway(() => this.#befall(strike, forMs));
    await sleep(respiteMs);
    this.#struck.delete(store);
  }

  #befall(strike: StoreStrike, forMs: number): Promise<void> {
    switch (strike) {
      case 'PostgreSQL restarts':
        return this.#stores.restartPostgres(forMs);
      case 'PostgreSQL crashes':
        return this.#stores.crashPostgres(forMs);
      case 'Redis restarts':
        return this.#stores.restartRedis(forMs);
      case 'Redis crashes':
        return this.#stores.crashRedis(forMs);
      case 'Redis freezes':
        return this.#stores.freezeRedis(forMs);
      case 'Redis is flushed':
        return this.#stores.flushRedis();
      case 'Redis comes back empty':
        return this.#stores.loseRedis(forMs);
      default:
        return assertNever(strike, 'a strike at a store');
    }
  }
}

const isStoreStrike = (strike: FleetStrike): strike is StoreStrike =>
  (storeStrikes as readonly FleetStrike[]).includes(strike);
