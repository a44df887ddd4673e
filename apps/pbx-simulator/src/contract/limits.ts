/** The bounds of the PBX. All as the vendors have them, and all can be shortened for a test. */
export interface Limits {
  /** Bad logins in a row after which the source is blocked. */
  readonly badLoginsMax: number;
  readonly blockMs: number;
  /** Yeastar: live access tokens of one application. */
  readonly tokensMax: number;
  readonly accessTokenMs: number;
  readonly refreshTokenMs: number;
  /** Yeastar: silence after which the PBX closes a WebSocket. */
  readonly idleMs: number;
  /** AMI: how long a client may take to log in. */
  readonly loginMs: number;
  /** AMI: how long a bad login waits for its answer. */
  readonly badLoginDelayMs: number;
  /** Asterisk cuts a client whose socket does not take a write for so long; 0 never does. */
  readonly writeMs: number;
  /** How soon a simulated person answers a call that a client originated. */
  readonly pickUpMs: number;
  /** Ended calls that the ledger keeps. */
  readonly historyMax: number;
}

export const defaultLimits: Limits = {
  badLoginsMax: 5,
  blockMs: 11 * 60_000,
  tokensMax: 8,
  accessTokenMs: 1_800_000,
  refreshTokenMs: 86_400_000,
  idleMs: 60_000,
  loginMs: 30_000,
  badLoginDelayMs: 1_000,
  writeMs: 100,
  pickUpMs: 100,
  historyMax: 20_000,
};
