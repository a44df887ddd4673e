import {
  otherReplicas,
  readSpread,
  releaseLease,
  removeReplica,
  renewLeases,
  takeLeases,
  type Database,
  type HeldLease as RenewedLease,
  type Replica,
  type Spread,
  type TakenLease,
} from '@trunkline/database';
import { sleep, withDeadline, type Logger, type MonotonicNow } from '@trunkline/service-kit';
import { HeldLease } from './held-lease.ts';
import { planSpread } from './plan-spread.ts';

/** What is done under a lease. */
export interface LeasedWork {
  readonly lease: HeldLease;
  readonly phase: string;
  /** Whether anything was heard since this was last asked. */
  heardSomething(): boolean;
  readonly over: Promise<void>;
  start(): void;
  renewed(renewed: RenewedLease): void;
  loseLease(): void;
  release(handOver: boolean): Promise<void>;
}

export interface LeaseTiming {
  readonly ttlMs: number;
  readonly renewMs: number;
  readonly lookMs: number;
  readonly movesMax: number;
}

export interface LeaseKeeperOptions<Work extends LeasedWork> {
  readonly database: Pick<Database, 'run'>;
  readonly replica: Replica;
  readonly timing: LeaseTiming;
  readonly logger: Logger;
  readonly now: MonotonicNow;
  readonly begin: (taken: TakenLease, lease: HeldLease) => Work;
  readonly onTaken: (how: 'free' | 'handed over' | 'expired') => void;
  readonly onLost: () => void;
  /** Called at each turn of the loop, also at one that failed. */
  readonly onTurn: () => void;
}

/** Leases taken in one go, so that one replica that starts alone does not begin a thousand logins in one moment. */
const takenAtOnceMax = 50;

/**
 * Takes, renews and gives back leases. One loop: each turn looks how links are spread over the replicas that are alive,
 * takes free ones up to its share and hands over what it has beyond it; each renewal proves all leases at once. Whatever
 * the database does not answer in time is asked again at the next turn.
 */
export class LeaseKeeper<Work extends LeasedWork> {
  readonly #options: LeaseKeeperOptions<Work>;
  readonly #works = new Map<string, Work>();
  readonly #releasing = new Set<string>();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #renewedAt = Number.NEGATIVE_INFINITY;
  #proofs: PromiseWithResolvers<void>[] = [];
  #problem: string | null = 'no lease was asked for yet';

  constructor(options: LeaseKeeperOptions<Work>) {
    this.#options = options;
  }

  get works(): Iterable<Work> {
    return this.#works.values();
  }

  /** Why leases can't be kept at the moment; null when all is well. */
  get problem(): string | null {
    const { now, timing } = this.#options;
    return now() - this.#renewedAt > timing.ttlMs ? (this.#problem ?? 'the lease loop does not turn') : null;
  }

  find(pbx: string): Work | undefined {
    return this.#works.get(pbx);
  }

  start(): void {
    this.#running = this.#loop();
  }

  /** Resolves when all leases were proven by a renewal that began after this was asked. */
  prove(): Promise<void> {
    const proof = Promise.withResolvers<void>();
    this.#proofs.push(proof);
    this.#renewedAt = Math.min(this.#renewedAt, this.#options.now() - this.#options.timing.renewMs);
    return proof.promise;
  }

  /**
   * Gives all leases back: to the others, where there are any, else with a word that the links are down. Says good-bye
   * first, so that the others' shares are larger at once.
   */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the connector stops'));
    await this.#running;
    const { database, replica, timing, logger } = this.#options;
    const others = await this.#ask('who else is alive', () =>
      database.run(async (tx) => {
        await removeReplica(tx, replica.id);
        return otherReplicas(tx, replica.id, timing);
      }),
    ).catch(() => []);
    logger.info({ links: this.#works.size, others: others.length }, 'giving all links back');
    await Promise.all([...this.#works.values()].map((work) => work.release(others.length > 0)));
    for (const { reject } of this.#proofs.splice(0)) reject(new Error('the connector stops'));
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#turn();
        this.#problem = null;
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error);
        this.#options.logger.warn({ err: error }, 'leases could not be looked after, trying again');
      }
      this.#options.onTurn();
      await sleep(this.#options.timing.lookMs, signal).catch(() => undefined);
    }
  }

  async #turn(): Promise<void> {
    const { now, timing, replica } = this.#options;
    const spread = now() - this.#renewedAt >= timing.renewMs ? await this.#renew() : await this.#look();
    const plan = planSpread({ self: replica.id, ...spread }, timing.movesMax);
    const kept = this.#works.size - this.#releasing.size;
    if (spread.free > 0 && kept < plan.share) await this.#takeFree(plan.share - kept);
    const release = Math.min(plan.release, Math.max(0, kept - plan.share));
    for (const work of this.#cheapest(release)) this.#handOver(work);
  }

  #look(): Promise<Spread> {
    const { database, timing } = this.#options;
    return this.#ask('how links are spread', () => database.run((tx) => readSpread(tx, timing.ttlMs)));
  }

  async #renew(): Promise<Spread> {
    const { database, replica, timing, now } = this.#options;
    const proofs = this.#proofs.splice(0);
    const sentAt = now();
    const heard = [...this.#works.values()]
      .filter((work) => work.heardSomething())
      .map(({ lease }) => lease.pbx);
    try {
      const { held, spread } = await this.#ask('renewing leases', () =>
        database.run((tx) => renewLeases(tx, replica, { ...timing, heard })),
      );
      this.#renewedAt = sentAt;
      await this.#reconcile(held, sentAt);
      for (const { resolve } of proofs) resolve();
      return spread;
    } catch (error) {
      this.#proofs.push(...proofs);
      throw error;
    }
  }

  async #reconcile(held: readonly RenewedLease[], sentAt: number): Promise<void> {
    const { timing, onLost, logger } = this.#options;
    const renewed = new Map(held.map((lease) => [lease.pbx as string, lease]));
    for (const [pbx, work] of this.#works) {
      const lease = renewed.get(pbx);
      renewed.delete(pbx);
      if (work.lease.isLost) continue;
      if (lease?.epoch === work.lease.epoch) {
        work.lease.confirm(sentAt, timing.ttlMs);
        work.renewed(lease);
      } else if (!this.#releasing.has(pbx)) {
        logger.warn({ pbx }, 'a lease was lost: somebody else holds it');
        onLost();
        work.loseLease();
      }
    }
    for (const lease of renewed.values()) await this.#return(lease);
  }

  /** A lease that was taken though the answer was lost. Nothing was done under it. */
  async #return({ pbx, epoch }: RenewedLease): Promise<void> {
    const { database, replica } = this.#options;
    const lease = { pbx, owner: replica.id, epoch };
    await this.#ask('returning a lease', () =>
      database.run((tx) => releaseLease(tx, lease, { handOver: false })),
    );
  }

  async #takeFree(room: number): Promise<void> {
    const { database, replica, timing, now } = this.#options;
    const max = Math.min(room, takenAtOnceMax);
    const sentAt = now();
    const taken = await this.#ask('taking leases', () =>
      database.run((tx) => takeLeases(tx, replica, { ...timing, max })),
    );
    for (const each of taken) this.#begin(each, sentAt);
  }

  #begin(taken: TakenLease, sentAt: number): void {
    const { begin, replica, timing, onTaken, logger } = this.#options;
    const { config, epoch, handedOverMsAgo, takenFrom } = taken;
    onTaken(takenFrom !== null ? 'expired' : handedOverMsAgo === null ? 'free' : 'handed over');
    logger.info(
      { pbx: config.pbx, epoch },
      `lease taken for PBX ${config.name}${takenFrom === null ? '' : ', its holder is gone'}`,
    );
    const lease = new HeldLease({ pbx: config.pbx, owner: replica.id, epoch }, sentAt, timing.ttlMs);
    const work = begin(taken, lease);
    const before = this.#works.get(config.pbx);
    this.#works.set(config.pbx, work);
    void work.over.then(() => {
      if (this.#works.get(config.pbx) === work) this.#works.delete(config.pbx);
      this.#releasing.delete(config.pbx);
    });
    // What is left of an earlier lease of the same PBX must be gone, or there would be two connections.
    if (before === undefined) work.start();
    else void before.over.then(() => work.start());
  }

  /** Those that are not live cost nobody anything. */
  #cheapest(count: number): Work[] {
    const candidates = [...this.#works.values()].filter(({ lease }) => !this.#releasing.has(lease.pbx));
    const cost = ({ phase }: LeasedWork): number => (phase === 'live' || phase === 'synchronising' ? 1 : 0);
    return candidates.sort((one, other) => cost(one) - cost(other)).slice(0, count);
  }

  #handOver(work: Work): void {
    this.#releasing.add(work.lease.pbx);
    this.#options.logger.info(
      { pbx: work.lease.pbx },
      'handing a link over, so that all hold the same share',
    );
    void work.release(true);
  }

  /** A question that hangs must not cost the next renewal. */
  #ask<Result>(what: string, question: () => Promise<Result>): Promise<Result> {
    return withDeadline(question(), this.#options.timing.ttlMs / 2, what);
  }
}
