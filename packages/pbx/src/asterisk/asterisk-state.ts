import type { ExtensionStatus } from '@trunkline/domain';
import type { PbxSnapshot, Said } from '../port/words.ts';
import type { PbxOptions } from '../port/target.ts';
import type { ListedChannel } from './adopt-channels.ts';
import { createChannelNames, type ChannelNames } from './channel-names.ts';
import type { Fact } from './fact.ts';
import { LegMap } from './leg-map.ts';
import { Phones } from './phones.ts';
import type { RegistryBounds } from './leg-registry.ts';
import { Recordings } from './recordings.ts';

export interface StateMark {
  readonly calls: number;
  readonly phones: number;
}

/** What one Asterisk is known to do: its calls, its phones and what it records. Facts go in, words come out. */
export class AsteriskState {
  readonly names: ChannelNames;
  readonly calls: LegMap;
  readonly phones: Phones;
  readonly #recordings: Recordings;

  constructor(options: PbxOptions, say: (word: Said) => void, bounds?: RegistryBounds) {
    this.names = createChannelNames(options);
    this.calls = new LegMap(this.names, say, bounds);
    this.phones = new Phones(this.names, say);
    this.#recordings = new Recordings(options, this.calls, say);
  }

  apply(fact: Fact, at: number): void {
    if (fact.kind === 'device' || fact.kind === 'endpoint' || fact.kind === 'hint')
      this.phones.apply(fact, at);
    else if (fact.kind === 'recorded') this.#recordings.apply(fact, at);
    else this.calls.apply(fact, at);
  }

  /** From now on everything is told, whether or not the PBX's lists could be had. */
  settle(at: number): void {
    this.calls.settle(at);
    this.phones.settle(at);
  }

  /** Taken before the PBX is asked for its lists. */
  mark(): StateMark {
    return { calls: this.calls.mark(), phones: this.phones.mark() };
  }

  adopt(
    channels: readonly ListedChannel[],
    phones: ReadonlyMap<string, ExtensionStatus>,
    mark: StateMark,
    at: number,
  ): PbxSnapshot {
    return {
      calls: this.calls.adopt(channels, mark.calls, at),
      extensions: this.phones.adopt(phones, mark.phones),
    };
  }
}
