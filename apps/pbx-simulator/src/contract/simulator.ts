import type { Logger } from '@trunkline/service-kit';
import type { CallHandle, CallPlan } from './call-plan.ts';
import type { Counters } from './counters.ts';
import type { Fault } from './fault.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import type { TrafficModel } from './traffic-model.ts';

/** Which vendor's protocol is spoken. */
export const dialects = ['yeastar', 'asterisk-ari', 'asterisk-ami'] as const;
export type Dialect = (typeof dialects)[number];

export interface Credential {
  readonly username: string;
  readonly secret: string;
}

/** A private key and its certificate, both as PEM. */
export interface CertificatePair {
  readonly key: string;
  readonly cert: string;
}

export interface SimulatorOptions {
  readonly dialect: Dialect;
  readonly logger: Logger;
  /** The same seed and the same orders give the same calls. 1 unless given. */
  readonly seed?: number;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** 0, which takes any free one, unless given. A restart comes back on the same port. */
  readonly port?: number;
  /** On unless switched off. */
  readonly tls?: boolean;
  readonly credential?: Credential;
  /** How many phones there are. 20 unless given; all registered. */
  readonly extensions?: number;
  /** The number of the first phone; the others follow it. 1001 unless given. */
  readonly firstExtension?: number;
  /** Calls that happen by themselves from the start on. None unless given. */
  readonly traffic?: TrafficModel;
  readonly limits?: Partial<Limits>;
  /** A new self-signed one unless given. */
  readonly certificate?: CertificatePair;
}

export interface Simulator extends AsyncDisposable {
  /** Such as https://127.0.0.1:40123 or tls://127.0.0.1:40123; http and tcp where TLS is off. */
  readonly address: string;
  readonly dialect: Dialect;
  /** What a client can pin; null where TLS is off. */
  readonly certificate: { readonly pem: string; readonly sha256: string } | null;
  readonly credential: Credential;
  readonly control: SimulatorControl;
  /** Closes all sockets and timers. May be called twice. */
  stop(): Promise<void>;
}

/** How it behaves just now. */
export interface SimulatorStatus {
  /** False while it restarts. */
  readonly isUp: boolean;
  /** Null where calls happen only when somebody places them. */
  readonly traffic: TrafficModel | null;
  /** Those that last; what happened once is not among them. */
  readonly faults: readonly Fault[];
  /** Until when all sources are blocked, by the real clock; null where they are not. */
  readonly blockedUntil: number | null;
}

export interface SimulatorControl {
  /** What really is and was, whatever the frames said. */
  ledger(): Ledger;
  counters(): Counters;
  /** What it is told to do at the moment. */
  status(): SimulatorStatus;
  /** Starts traffic, changes it, or (null) stops making new calls; running ones end in their own time. */
  traffic(model: TrafficModel | null): void;
  /**
   * No new calls, and the open ones end soon, those placed by hand too. Resolves when none is open and all delayed
   * frames are out.
   */
  settle(): Promise<void>;
  /** A call that goes on step by step, as its handle is told. */
  place(plan: CallPlan): CallHandle;
  /** Switches a phone on or off. */
  register(extension: string, registered: boolean): void;
  doNotDisturb(extension: string, on: boolean): void;
  /** Faults of different kinds add up; one of the same kind takes the place of the one before. */
  fault(fault: Fault): void;
  /** Ends all faults and their schedules. Sockets that were half open are reset. */
  heal(): void;
}
