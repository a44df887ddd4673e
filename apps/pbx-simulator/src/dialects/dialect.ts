import type { Duplex } from 'node:stream';
import type { Logger } from '@trunkline/service-kit';
import type { Limits } from '../contract/limits.ts';
import type { Credential } from '../contract/simulator.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import type { LoginGuard } from '../network/login-guard.ts';
import type { Chance } from '../random.ts';
import type { Tallies } from '../tallies.ts';
import type { Exchange } from '../telephony/exchange.ts';
import type { Happening } from '../telephony/happening.ts';
import type { Timers } from '../timers.ts';

/** Everything that a protocol is spoken with. */
export interface DialectContext {
  readonly exchange: Exchange;
  readonly faults: ActiveFaults;
  readonly guard: LoginGuard;
  readonly limits: Limits;
  readonly credential: Credential;
  readonly chance: Chance;
  readonly tallies: Tallies;
  readonly logger: Logger;
  /** The PBX's own clock, which may be wrong. */
  readonly clock: PbxClock;
  /** Ends with the simulator. */
  readonly timers: Timers;
  /** Frames that are held back; whoever settles waits for them. */
  readonly delays: Timers;
  /** A simulated person goes to the phone that a client's order makes ring. */
  readonly pickUpLater: (key: string) => void;
}

export interface PbxClock {
  readonly now: () => number;
  /** What the PBX's clock said at that moment. */
  readonly at: (realMs: number) => number;
  /** When the PBX was started last, by its own clock. */
  readonly startedAt: () => number;
}

/** One vendor's protocol on the sockets that it is given. */
export interface Dialect {
  readonly scheme: { readonly secure: string; readonly plain: string };
  /** What a blocked source meets: its connections closed at once, or an answer that says so. */
  readonly blockedSources: 'refuse' | 'answer';
  attach(socket: Duplex, source: string): void;
  /** Tells all clients; called as things happen. */
  tell(happening: Happening): void;
  /** The PBX says that it goes down, where the vendor does. */
  sayGoodbye(): void;
  /** The PBX has died: whatever lives only as long as its process is forgotten. */
  reset(): void;
  liveTokens(): number;
  expireTokens(): void;
  replaceApplication(quietly: boolean): void;
  stop(): void;
}
