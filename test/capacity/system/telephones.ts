import type { Counters, Dialect, Ledger } from '@trunkline/pbx-simulator';

/** What the process of the simulated PBXs is told at its start, as JSON in its environment. */
export interface TelephonesTask {
  readonly pbxs: number;
  readonly phonesPerPbx: number;
  readonly seed: number;
  /** How long people talk, as a share of some seconds: the shorter, the fewer phones a rate of calls takes. */
  readonly pace: number;
}

export interface PbxAddress {
  readonly vendor: Dialect;
  readonly address: string;
  readonly sha256: string;
}

export type TelephonesOrder =
  /** In all, in equal parts; null for none. Those under way end in their own time. */
  | { readonly order: 'traffic'; readonly callsPerSecond: number | null }
  /** All calls end. */
  | { readonly order: 'settle' }
  | { readonly order: 'counters' }
  | { readonly order: 'ledgers' };

export type TelephonesReply =
  | { readonly tell: 'ready'; readonly pbxs: readonly PbxAddress[] }
  | { readonly tell: 'settled' }
  | { readonly tell: 'counters'; readonly calls: Counters['calls'] }
  | { readonly tell: 'ledgers'; readonly ledgers: readonly Ledger[] };

export const telephonesCredential = { username: 'capacity', secret: 'only-between-processes-of-a-test' };

/** Numbers of different PBXs of a tenant differ, so that a topic of one phone is of one PBX. */
export const firstPhoneOf = (pbx: number): number => (pbx + 1) * 10_000 + 1;

/** Ended calls that each PBX remembers, so that it does not grow itself; the newest are compared. */
export const historyMax = 2_000;
