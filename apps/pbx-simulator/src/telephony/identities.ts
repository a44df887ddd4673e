import { createChance, type Chance } from '../random.ts';

/** Names that a PBX gives: ids of channels, which are calls' keys too, channel names, ids of bridges. */
export interface Identities {
  uniqueId(): string;
  channel(device: string): string;
  uuid(): string;
  hex(digits: number): string;
  /** The PBX has started again: counters begin at 0, in a later second than any used before. */
  restart(): void;
}

interface IdentityOptions {
  readonly seed: number;
  /** With its dash; empty where the PBX has no name. */
  readonly prefix: string;
  /** The PBX's own clock. */
  readonly now: () => number;
}

export function createIdentities({ seed, prefix, now }: IdentityOptions): Identities {
  const chance: Chance = createChance(seed ^ 0x1d);
  let unique = 0;
  let channels = 0;
  let lastSecond = 0;
  let notBefore = 0;

  return {
    uniqueId() {
      // The seconds never go back: they would name two calls alike when the clock does.
      lastSecond = Math.max(lastSecond, notBefore, Math.floor(now() / 1000));
      unique += 1;
      return `${prefix}${lastSecond}.${unique - 1}`;
    },
    channel(device) {
      channels += 1;
      return `${device}-${(channels - 1).toString(16).padStart(8, '0')}`;
    },
    uuid: () => chance.uuid(),
    hex: (digits) => chance.hex(digits),
    restart() {
      unique = 0;
      channels = 0;
      notBefore = lastSecond + 1;
    },
  };
}
