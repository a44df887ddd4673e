import type { ExtensionStatus } from '@trunkline/domain';
import type { PbxSnapshot, Said } from '../port/words.ts';
import type { Meaning, PhoneState } from './frames.ts';

/** An extension as the PBX lists it. */
export interface ListedExtension {
  readonly number: string;
  readonly name: string;
  /** Which kinds of its devices are there. */
  readonly devices: ReadonlyMap<string, boolean>;
  readonly presence: string;
}

interface Heard<Fact> {
  readonly fact: Fact;
  readonly heardAt: number;
}

interface Phone {
  name: string;
  listed: boolean;
  readonly devices: Map<string, Heard<boolean>>;
  state: Heard<PhoneState> | null;
  presence: Heard<string> | null;
  told: ExtensionStatus | null;
}

/** More than any PBX has. Beyond it, those that no list names are not taken up. */
export const PHONES_MAX = 100_000;
/** There are five kinds; what a broken PBX makes up beyond this is left out. */
const DEVICES_MAX = 16;

/** A device of unknown kind that must be there, until one is named. */
const someDevice = '';

const dialling: Readonly<Record<PhoneState, ExtensionStatus | null>> = {
  Ringing: 'ringing',
  Busy: 'incall',
  Idle: null,
};

/**
 * What each extension does: three things that the PBX tells apart (which devices are registered, whether it rings or
 * talks, what its user chose to show) combined into one status, told when it changes.
 */
export class Phones {
  readonly #say: (word: Said) => void;
  readonly #phones = new Map<string, Phone>();
  #rosterKnown = false;
  #tick = 0;

  constructor(say: (word: Said) => void) {
    this.#say = say;
  }

  get size(): number {
    return this.#phones.size;
  }

  has(number: string): boolean {
    return this.#phones.has(number);
  }

  nameOf(number: string): string | undefined {
    const name = this.#phones.get(number)?.name;
    return name === '' ? undefined : name;
  }

  hear(meaning: Extract<Meaning, { kind: 'registration' | 'phone' | 'presence' }>, at: number): void {
    const phone = this.#phoneFor(meaning.extension);
    if (phone === null) return;
    const heardAt = ++this.#tick;
    if (meaning.kind === 'presence') phone.presence = { fact: meaning.presence, heardAt };
    else if (meaning.kind === 'phone') hearState(phone, { fact: meaning.state, heardAt });
    else hearDevice(phone, meaning.device, { fact: meaning.registered, heardAt });
    this.#tell(meaning.extension, phone, at);
  }

  learnNames(listed: readonly ListedExtension[]): void {
    for (const { number, name } of listed) {
      const phone = this.#phoneFor(number);
      if (phone !== null) phone.name = name;
    }
  }

  /** A mark for `adopt`: what is heard after it is newer than the list that is asked for now. */
  mark(): number {
    return this.#tick;
  }

  /** Takes over the PBX's own list and what the calls say of who rings and talks; what was heard since the mark wins. */
  adopt(
    listed: readonly ListedExtension[],
    engaged: ReadonlyMap<string, 'ringing' | 'incall'>,
    mark: number,
  ): NonNullable<PbxSnapshot['extensions']> {
    this.#adoptList(listed, mark);
    for (const [number, phone] of this.#phones) {
      if (phone.state === null || phone.state.heardAt <= mark)
        phone.state = { fact: stateOf(engaged.get(number)), heardAt: mark };
      phone.told = statusOf(phone, true);
    }
    return [...this.#phones].map(([extension, { name, told }]) => ({
      extension,
      status: told ?? 'offline',
      ...(name === '' ? {} : { name }),
    }));
  }

  /** Takes over a new list of extensions in between, and tells what it changes. */
  refresh(listed: readonly ListedExtension[], mark: number, at: number): void {
    const before = new Map(this.#phones);
    this.#adoptList(listed, mark);
    for (const [number, phone] of this.#phones) this.#tell(number, phone, at);
    for (const [number, phone] of before)
      if (!this.#phones.has(number) && phone.told !== 'offline')
        this.#say(changed(number, 'offline', phone.name, at));
  }

  #adoptList(listed: readonly ListedExtension[], mark: number): void {
    for (const phone of this.#phones.values()) phone.listed = false;
    for (const extension of listed) this.#adoptExtension(extension, mark);
    for (const [number, phone] of this.#phones)
      if (!phone.listed && !isHeardSince(phone, mark)) this.#phones.delete(number);
    this.#rosterKnown = true;
  }

  #adoptExtension({ number, name, devices, presence }: ListedExtension, mark: number): void {
    const phone = this.#phones.get(number) ?? this.#add(number);
    if (phone === null) return;
    phone.listed = true;
    phone.name = name;
    for (const [device, { heardAt }] of phone.devices)
      if (heardAt <= mark && !devices.has(device)) phone.devices.delete(device);
    for (const [device, fact] of devices)
      if ((phone.devices.get(device)?.heardAt ?? 0) <= mark)
        phone.devices.set(device, { fact, heardAt: mark });
    if ((phone.presence?.heardAt ?? 0) <= mark) phone.presence = { fact: presence, heardAt: mark };
  }

  #phoneFor(number: string): Phone | null {
    return this.#phones.get(number) ?? this.#add(number);
  }

  #add(number: string): Phone | null {
    if (this.#phones.size >= PHONES_MAX) return null;
    const phone: Phone = {
      name: '',
      listed: false,
      devices: new Map(),
      state: null,
      presence: null,
      told: null,
    };
    this.#phones.set(number, phone);
    return phone;
  }

  #tell(number: string, phone: Phone, at: number): void {
    const status = statusOf(phone, this.#rosterKnown);
    if (status === null || status === phone.told) return;
    phone.told = status;
    this.#say(changed(number, status, phone.name, at));
  }
}

/** A phone that rings or talks is there, whatever was told of its devices before. */
function hearState(phone: Phone, state: Heard<PhoneState>): void {
  phone.state = state;
  if (state.fact !== 'Idle' && isGone(phone))
    phone.devices.set(someDevice, { fact: true, heardAt: state.heardAt });
}

function hearDevice(phone: Phone, device: string, registered: Heard<boolean>): void {
  phone.devices.delete(someDevice);
  if (!phone.devices.has(device) && phone.devices.size >= DEVICES_MAX) return;
  phone.devices.set(device, registered);
}

/**
 * Offline is who has no device left. That one has gone tells nothing while it is not known which others there are,
 * which only the PBX's list tells: null then.
 */
function statusOf(phone: Phone, rosterKnown: boolean): ExtensionStatus | null {
  if (isGone(phone)) return rosterKnown ? 'offline' : null;
  const engaged = phone.state === null ? null : dialling[phone.state.fact];
  if (engaged !== null) return engaged;
  return isDoNotDisturb(phone.presence?.fact ?? '') ? 'busy' : 'online';
}

function isGone({ devices, listed }: Phone): boolean {
  if (devices.size === 0) return listed;
  for (const { fact } of devices.values()) if (fact) return false;
  return true;
}

function isHeardSince({ devices, state, presence }: Phone, mark: number): boolean {
  if ((state?.heardAt ?? 0) > mark || (presence?.heardAt ?? 0) > mark) return true;
  for (const { heardAt } of devices.values()) if (heardAt > mark) return true;
  return false;
}

const isDoNotDisturb = (presence: string): boolean => presence.replace(/[\s-]/g, '_') === 'do_not_disturb';

function stateOf(engaged: 'ringing' | 'incall' | undefined): PhoneState {
  if (engaged === undefined) return 'Idle';
  return engaged === 'ringing' ? 'Ringing' : 'Busy';
}

const changed = (extension: string, status: ExtensionStatus, name: string, at: number): Said => ({
  kind: 'said',
  type: 'extension.changed',
  payload: { extension, status, at, ...(name === '' ? {} : { name }) },
});
