import { sleep } from '@trunkline/service-kit';
import type { Random } from '../../support/random.ts';
import type { CutHow, ServiceFleet } from '../service-fleet.ts';
import { blockMs, disturb, type Office } from './office.ts';

/** Weighed by how often they stand here. */
export const linkStrikes = [
  'kill',
  'kill',
  'freeze',
  'restart',
  'cut off from PostgreSQL',
  'cut off from Redis',
  'drop',
  'drop',
  'half open',
  'block',
  'PBX restart',
  'lost frames',
  'lost hang-ups',
  'failing snapshots',
  'unavailable',
  'expired tokens',
  'application taken',
] as const;

export type Strike = (typeof linkStrikes)[number];

/** A long storm comes in squalls. In the lull between them calls begin and end while somebody listens, so that every fact of them counts. */
const squall = { forMs: 20_000, lullMs: 20_000 };

/** Between strikes; so many PBXs need not be struck more often. */
const pauseMs = { min: 100, max: 1_200 } as const;
const awayMsMax = 1_500;
const frozenMs = { min: 200, max: 4_000 };

/** The longest that a process sleeps, with what the machine adds. */
export const frozenMsMax = frozenMs.max + 1_000;

const disturbedMs = { min: 300, max: 2_000 };

type Counts<Kind> = Map<Kind, number>;

interface Rage<Kind> {
  readonly strikes: readonly Kind[];
  readonly strike: (kind: Kind) => Promise<void>;
  readonly random: Random;
  readonly counts: Counts<Kind>;
  readonly forMs: number;
  /** Between two of them. */
  readonly pauseMs: { readonly min: number; readonly max: number };
}

/** Strikes in random order for a while. Returns when the last of them is over. */
export async function rage<Kind>({
  strikes,
  strike,
  random,
  counts,
  forMs,
  pauseMs: { min, max },
}: Rage<Kind>): Promise<void> {
  const under: Promise<void>[] = [];
  const endsAt = performance.now() + forMs;
  while (performance.now() < endsAt) {
    const kind = random.pick(strikes);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    under.push(strike(kind));
    await sleep(random.between(min, max));
  }
  await Promise.all(under);
}

/** Faults in random order for a while, and then clear sky: everything that was stopped goes on. */
export class LinkWeather {
  readonly counts: Counts<Strike> = new Map();
  readonly #fleet: ServiceFleet;
  readonly #offices: readonly Office[];
  readonly #random: Random;
  readonly #cuts: readonly CutHow[];

  constructor(
    fleet: ServiceFleet,
    offices: readonly Office[],
    random: Random,
    cuts: readonly CutHow[] = ['silent', 'refused'],
  ) {
    this.#cuts = cuts;
    this.#fleet = fleet;
    this.#offices = offices;
    this.#random = random;
  }

  async rage(forMs: number): Promise<void> {
    const strike = (what: Strike) => this.strike(what);
    const how = { strikes: linkStrikes, strike, random: this.#random, counts: this.counts, pauseMs };
    const endsAt = performance.now() + forMs;
    for (let leftMs = forMs; leftMs > 0; leftMs = endsAt - performance.now()) {
      await rage({ ...how, forMs: Math.min(squall.forMs, leftMs) });
      if (endsAt - performance.now() > squall.lullMs) await sleep(squall.lullMs);
    }
  }

  async strike(strike: Strike): Promise<void> {
    const fleet = this.#fleet;
    const random = this.#random;
    const place = random.between(0, fleet.size - 1);
    const office = random.pick(this.#offices);
    const how = random.pick(this.#cuts);
    const whileDisturbed = (): Promise<void> => sleep(random.between(disturbedMs.min, disturbedMs.max));
    const { control } = office.simulator;
    switch (strike) {
      case 'kill':
        return fleet.kill(place, random.between(0, awayMsMax));
      case 'freeze':
        return fleet.freeze(place, random.between(frozenMs.min, frozenMs.max));
      case 'restart':
        await fleet.restart(place);
        return undefined;
      case 'cut off from PostgreSQL':
        return fleet.cutOff(place, 'database', how, random.between(100, awayMsMax));
      case 'cut off from Redis':
        return fleet.cutOff(place, 'redis', how, random.between(100, awayMsMax));
      case 'drop':
        return control.fault({ kind: 'drop', how: random.pick(['close', 'reset'] as const) });
      case 'half open':
        return disturb(office, { kind: 'halfOpen', acceptNone: random.next() < 0.5 }, whileDisturbed());
      case 'block':
        return this.#block(office);
      case 'PBX restart':
        return control.fault({
          kind: 'restart',
          downMs: random.between(200, 1_500),
          announce: random.next() < 0.5,
        });
      case 'lost frames':
        return disturb(office, { kind: 'frames', lose: 0.2, duplicate: 0.2, reorder: 0.1 }, whileDisturbed());
      case 'lost hang-ups':
        return disturb(office, { kind: 'loseHangups', share: 1 }, whileDisturbed());
      case 'failing snapshots':
        return disturb(
          office,
          { kind: 'snapshot', mode: random.pick(['failing', 'partial'] as const) },
          whileDisturbed(),
        );
      case 'unavailable':
        return disturb(office, { kind: 'unavailable' }, whileDisturbed());
      case 'expired tokens':
        return control.fault({ kind: 'expireTokens' });
      case 'application taken':
        return control.fault({ kind: 'replaceApplication' });
    }
  }

  /** The PBX blocks our address and cuts us off, so that everybody would like to log in. */
  async #block({ simulator: { control }, blocks }: Office): Promise<void> {
    const before = control.counters().logins.whileBlocked;
    const block = { since: Date.now(), until: Date.now() + blockMs, attempts: 0 };
    blocks.push(block);
    control.fault({ kind: 'block', ms: blockMs });
    control.fault({ kind: 'drop', how: 'reset' });
    await sleep(blockMs);
    block.attempts = control.counters().logins.whileBlocked - before;
  }
}
