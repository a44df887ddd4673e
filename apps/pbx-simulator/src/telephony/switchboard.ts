import type { Bridge } from './bridge.ts';
import type { Call } from './call.ts';
import type { DialStatus, Happening } from './happening.ts';
import type { Identities } from './identities.ts';
import { nobody, type Dialplan, type Leg, type LegCause, type LegState, type Line } from './leg.ts';
import { deviceStateOf, type DeviceState, type Phone } from './phone.ts';

export interface NewLeg {
  readonly call: Call;
  readonly side: Leg['side'];
  /** The extension's number, or null for the outside party of a trunk. */
  readonly extension: string | null;
  readonly line: Line;
  readonly state: LegState;
  readonly dialplan: Dialplan;
  readonly dialled: string;
  readonly dialledBy?: Leg;
  readonly id?: string;
}

export interface SwitchboardOptions {
  readonly phones: ReadonlyMap<string, Phone>;
  readonly identities: Identities;
  readonly now: () => number;
  readonly trunk: string;
  readonly tell: (happening: Happening) => void;
}

/**
 * The hands of the PBX: every change to a leg, a bridge or a device goes through here, and is told at once. It keeps
 * the books (which leg is where) and no rules; what a call does is up to the flows.
 */
export class Switchboard {
  readonly phones: ReadonlyMap<string, Phone>;
  readonly trunk: string;
  readonly now: () => number;
  readonly identities: Identities;
  readonly legs = new Map<string, Leg>();
  readonly bridges = new Set<Bridge>();
  readonly #tell: (happening: Happening) => void;
  readonly #deviceStates = new Map<string, DeviceState>();
  readonly #touched = new Map<Call, Set<Leg>>();
  #trunkLegs = 0;

  constructor({ phones, identities, now, trunk, tell }: SwitchboardOptions) {
    this.phones = phones;
    this.identities = identities;
    this.now = now;
    this.trunk = trunk;
    this.#tell = tell;
  }

  tell(happening: Happening): void {
    this.#tell(happening);
  }

  createLeg({ call, side, extension, line, state, dialplan, dialled, dialledBy, id }: NewLeg): Leg {
    const device = `PJSIP/${extension ?? this.trunk}`;
    const leg: Leg = {
      id: id ?? this.identities.uniqueId(),
      channel: this.identities.channel(device),
      device,
      extension,
      side,
      line,
      protocolId: this.identities.hex(16),
      createdAt: this.now(),
      dialledBy: dialledBy ?? null,
      dialled,
      call,
      state,
      connected: nobody,
      dialplan,
      bridge: null,
      holds: false,
      rang: false,
      talked: false,
      ended: false,
    };
    this.legs.set(leg.id, leg);
    call.legs.push(leg);
    if (extension === null) this.#trunkLegs += 1;
    else this.phones.get(extension)?.legs.add(leg);
    this.touch(leg);
    this.tell({ kind: 'leg.created', leg });
    return leg;
  }

  setState(leg: Leg, state: LegState): void {
    if (leg.state === state) return;
    leg.state = state;
    if (state === 'Ringing') leg.rang = true;
    this.touch(leg);
    this.tell({ kind: 'leg.state', leg });
  }

  setConnected(leg: Leg, line: Line): void {
    leg.connected = line;
    this.tell({ kind: 'leg.connectedLine', leg });
  }

  dial(caller: Leg | null, peer: Leg, status: DialStatus, dialString = ''): void {
    this.tell({ kind: 'dial', caller, peer, status, dialString });
  }

  createBridge(call: Call, kind: Bridge['kind'] = 'basic'): Bridge {
    const bridge: Bridge = { id: this.identities.uuid(), call, kind, createdAt: this.now(), legs: [] };
    this.bridges.add(bridge);
    this.tell({ kind: 'bridge.created', bridge });
    return bridge;
  }

  enter(bridge: Bridge, leg: Leg): void {
    leg.bridge = bridge;
    bridge.legs.push(leg);
    if (bridge.legs.length > 1) for (const other of bridge.legs) other.talked = true;
    this.touch(leg);
    this.tell({ kind: 'bridge.entered', bridge, leg });
  }

  leave(leg: Leg): void {
    const { bridge } = leg;
    if (bridge === null) return;
    bridge.legs.splice(bridge.legs.indexOf(leg), 1);
    leg.bridge = null;
    this.touch(leg);
    this.tell({ kind: 'bridge.left', bridge, leg });
  }

  destroyIfEmpty(bridge: Bridge | null): void {
    if (bridge === null || bridge.legs.length > 0 || !this.bridges.delete(bridge)) return;
    this.tell({ kind: 'bridge.destroyed', bridge });
  }

  hold(leg: Leg, holds: boolean): void {
    leg.holds = holds;
    this.touch(leg);
    this.tell({ kind: holds ? 'leg.held' : 'leg.resumed', leg });
    for (const other of leg.bridge?.legs ?? []) this.refreshDevice(other);
  }

  requestHangup(leg: Leg, cause: LegCause, soft = false): void {
    this.tell({ kind: 'leg.hangupRequested', leg, cause, soft });
  }

  /** The leg is gone. It must have left its bridge before, so that the bridge's members are told right. */
  endLeg(leg: Leg, cause: LegCause): void {
    if (leg.ended) return;
    leg.ended = true;
    leg.holds = false;
    this.legs.delete(leg.id);
    const { call } = leg;
    call.legs.splice(call.legs.indexOf(leg), 1);
    call.past.push(leg);
    if (leg.extension === null) this.#trunkLegs -= 1;
    else this.phones.get(leg.extension)?.legs.delete(leg);
    this.touch(leg);
    this.tell({ kind: 'leg.ended', leg, cause });
  }

  refreshDevice(leg: Pick<Leg, 'device' | 'extension'>): void {
    const phone = leg.extension === null ? null : (this.phones.get(leg.extension) ?? null);
    const state = phone === null ? this.trunkState() : deviceStateOf(phone);
    const known = this.#deviceStates.get(leg.device) ?? 'NOT_INUSE';
    if (known === state) return;
    this.#deviceStates.set(leg.device, state);
    this.tell({ kind: 'device', device: leg.device, phone, state });
  }

  refreshPhone(phone: Phone): void {
    this.refreshDevice({ device: phone.device, extension: phone.number });
  }

  trunkState(): DeviceState {
    return this.#trunkLegs > 0 ? 'INUSE' : 'NOT_INUSE';
  }

  touch(leg: Leg): void {
    const touched = this.#touched.get(leg.call);
    if (touched === undefined) this.#touched.set(leg.call, new Set([leg]));
    else touched.add(leg);
  }

  /** The legs changed since the last time that this was asked. */
  takeTouched(call: Call): Leg[] {
    const touched = this.#touched.get(call) ?? [];
    this.#touched.delete(call);
    return [...touched];
  }

  /** A leg takes part in another call from now on: its old call keeps it among those that were there. */
  moveLeg(leg: Leg, call: Call): void {
    leg.call.legs.splice(leg.call.legs.indexOf(leg), 1);
    leg.call.past.push(leg);
    this.touch(leg);
    leg.call = call;
    call.legs.push(leg);
    this.touch(leg);
  }

  /** Everything is gone without a word, as when the process is killed. Registrations stay. */
  forgetCalls(): void {
    for (const leg of this.legs.values()) leg.ended = true;
    for (const phone of this.phones.values()) phone.legs.clear();
    this.legs.clear();
    this.bridges.clear();
    this.#touched.clear();
    this.#trunkLegs = 0;
    this.#deviceStates.clear();
    for (const phone of this.phones.values()) this.#deviceStates.set(phone.device, deviceStateOf(phone));
  }
}
