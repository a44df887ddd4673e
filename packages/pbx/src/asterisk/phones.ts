import type { ExtensionStatus } from '@trunkline/domain';
import type { Said } from '../port/words.ts';
import type { ChannelNames } from './channel-names.ts';
import type { Fact } from './fact.ts';
import { phoneStatusOfDevice, phoneStatusOfHint } from './phone-status.ts';

interface Phone {
  status: ExtensionStatus;
  /** Devices know best. What endpoints and hints say counts for phones of which no device state was ever heard. */
  byDevice: boolean;
  heardAt: number;
}

/** More phones than any PBX has; beyond it the ones that were silent longest are forgotten. */
const PHONES_MAX = 100_000;

/**
 * What each phone did last, so that only changes are told. Before the first list nobody knows what a change is, so
 * nothing is told until `adopt`, or `settle` where no list could be had.
 */
export class Phones {
  readonly #names: ChannelNames;
  readonly #say: (word: Said) => void;
  readonly #phones = new Map<string, Phone>();
  #tick = 0;
  #settled = false;

  constructor(names: ChannelNames, say: (word: Said) => void) {
    this.#names = names;
    this.#say = say;
  }

  get size(): number {
    return this.#phones.size;
  }

  /** Null for a phone of which nothing was heard or listed yet. */
  statusOf(number: string): ExtensionStatus | null {
    return this.#phones.get(number)?.status ?? null;
  }

  apply(fact: Extract<Fact, { kind: 'device' | 'endpoint' | 'hint' }>, at: number): void {
    if (fact.kind === 'hint') {
      if (isHintOfPhone(fact.exten, fact.devices))
        this.#hear(fact.exten, phoneStatusOfHint(fact.status), false, at);
      return;
    }
    const number = this.#names.extensionOf(fact.device);
    if (number === null) return;
    if (fact.kind === 'device') this.#hear(number, phoneStatusOfDevice(fact.state), true, at);
    else this.#hear(number, this.#statusOfEndpoint(number, fact.state), false, at);
  }

  /** A mark for `adopt`: what is heard after it is newer than the list that is asked for now. */
  mark(): number {
    return this.#tick;
  }

  settle(at: number): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const [number, { status }] of this.#phones) this.#tell(number, status, at);
  }

  /** Takes over the PBX's own list, and returns what is known now: what was heard since the mark wins. */
  adopt(
    listed: ReadonlyMap<string, ExtensionStatus>,
    mark: number,
  ): { extension: string; status: ExtensionStatus }[] {
    this.#settled = true;
    for (const [number, phone] of this.#phones)
      if (!listed.has(number) && phone.heardAt <= mark) this.#phones.delete(number);
    for (const [number, status] of listed) {
      const known = this.#phones.get(number);
      if (known === undefined) this.#phones.set(number, { status, byDevice: false, heardAt: this.#tick });
      else if (known.heardAt <= mark) known.status = status;
    }
    return [...this.#phones].map(([extension, { status }]) => ({ extension, status }));
  }

  /** An endpoint is merely there or not: being there says nothing new of a phone that is known to ring or talk. */
  #statusOfEndpoint(number: string, state: string): ExtensionStatus | null {
    if (state === 'offline') return 'offline';
    if (state !== 'online') return null;
    const known = this.#phones.get(number);
    return known === undefined || known.status === 'offline' ? 'online' : known.status;
  }

  #hear(number: string, status: ExtensionStatus | null, byDevice: boolean, at: number): void {
    if (status === null) return;
    const known = this.#phones.get(number);
    if (known?.byDevice === true && !byDevice) return;
    this.#tick++;
    if (known === undefined) {
      this.#makeRoom();
      this.#phones.set(number, { status, byDevice, heardAt: this.#tick });
    } else {
      known.heardAt = this.#tick;
      known.byDevice = byDevice;
      if (known.status === status) return;
      known.status = status;
    }
    if (this.#settled) this.#tell(number, status, at);
  }

  #tell(extension: string, status: ExtensionStatus, at: number): void {
    this.#say({ kind: 'said', type: 'extension.changed', payload: { extension, status, at } });
  }

  #makeRoom(): void {
    if (this.#phones.size < PHONES_MAX) return;
    for (const oldest of this.#phones.keys()) {
      this.#phones.delete(oldest);
      return;
    }
  }
}

const phoneNumber = /^\d{2,6}$/;

/** Hints exist for switches and feature codes too; a phone's hint watches a device, which has a technology. */
export const isHintOfPhone = (exten: string, devices: string): boolean =>
  phoneNumber.test(exten) && devices.includes('/');
