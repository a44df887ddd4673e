import type { LedgerCall, LedgerPhone } from '../contract/ledger.ts';
import type { Dialect, Simulator, SimulatorStatus } from '../contract/simulator.ts';

/** What somebody who steers it wants to see: how it behaves and what goes on, without the history. */
export interface Overview extends SimulatorStatus {
  readonly dialect: Dialect;
  readonly openCalls: readonly LedgerCall[];
  readonly phones: readonly LedgerPhone[];
  /** Calls of the ledger that are over without a frame that said so. */
  readonly lostHangups: number;
  readonly calls: { readonly placed: number; readonly ended: number };
  /** Sockets on which events are sent. */
  readonly sockets: number;
}

export function overviewOf({ dialect, control }: Simulator): Overview {
  const { calls, phones } = control.ledger();
  const { calls: counted, sockets } = control.counters();
  return {
    dialect,
    ...control.status(),
    openCalls: calls.filter(({ endedAt }) => endedAt === null),
    phones,
    lostHangups: calls.filter(({ lostHangup, endedAt }) => lostHangup && endedAt !== null).length,
    calls: { placed: counted.placed, ended: counted.ended },
    sockets: sockets.open,
  };
}
