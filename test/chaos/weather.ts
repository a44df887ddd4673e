import type { FaultProxy } from '@trunkline/backing-services/testing';
import { sleep } from '@trunkline/service-kit';
import type { Random } from '../support/random.ts';
import type { ConsumerFleet } from './consumer-fleet.ts';

export interface WeatherParts {
  readonly fleet: ConsumerFleet;
  readonly proxies: readonly FaultProxy[];
  readonly random: Random;
}

export type Fault = 'kill' | 'freeze' | 'reset' | 'hold' | 'refuse';
export type FaultCounts = Readonly<Record<Fault, number>>;

const pauseMs = { min: 150, max: 600 };
const frozenMsMax = 4500;
const heldMsMax = 1500;
const restartMsMax = 300;

/** Faults in random order for a while, and then clear sky: everything that was stopped goes on. */
export class Weather {
  readonly #parts: WeatherParts;
  readonly #counts: Record<Fault, number> = { kill: 0, freeze: 0, reset: 0, hold: 0, refuse: 0 };

  constructor(parts: WeatherParts) {
    this.#parts = parts;
  }

  get counts(): FaultCounts {
    return { ...this.#counts };
  }

  async rage(forMs: number): Promise<void> {
    const { random } = this.#parts;
    const under: Promise<void>[] = [];
    const endsAt = performance.now() + forMs;
    while (performance.now() < endsAt) {
      const fault = random.pick([
        'kill',
        'kill',
        'freeze',
        'freeze',
        'reset',
        'reset',
        'hold',
        'refuse',
      ] as const);
      this.#counts[fault] += 1;
      under.push(this.#strike(fault));
      await sleep(random.between(pauseMs.min, pauseMs.max));
    }
    await Promise.all(under);
  }

  async #strike(fault: Fault): Promise<void> {
    const { fleet, proxies, random } = this.#parts;
    const proxy = random.pick(proxies);
    const { pids } = fleet;
    const pid = pids.length === 0 ? undefined : random.pick(pids);
    switch (fault) {
      case 'kill':
        if (pid !== undefined) await fleet.replace(pid, random.between(0, restartMsMax));
        return;
      case 'freeze':
        if (pid === undefined) return;
        fleet.signal(pid, 'SIGSTOP');
        await sleep(random.between(100, frozenMsMax));
        fleet.signal(pid, 'SIGCONT');
        return;
      case 'reset':
        proxy.reset();
        return;
      case 'hold':
        proxy.freeze('up', 'down');
        await sleep(random.between(50, heldMsMax));
        proxy.thaw();
        return;
      case 'refuse':
        proxy.refuse();
        proxy.reset();
        await sleep(random.between(50, heldMsMax));
        proxy.accept();
    }
  }
}
