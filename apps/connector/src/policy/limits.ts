/** How long is waited after what, in milliseconds. All of it comes from settings. */
export interface PolicyLimits {
  readonly yeastar: VendorLimits;
  readonly asterisk: VendorLimits;
  /** Up to so much more than a block lasts, so that those who were blocked together don't return together. */
  readonly blockJitterMs: number;
  /** While a PBX starts up. */
  readonly startingMs: number;
  /** After a PBX said that it goes down: most come back at once. */
  readonly shutdownMs: number;
  /** Where only a person can help: a certificate, a wrong protocol, a missing credential. */
  readonly attentionMs: number;
  /** When our own stores don't answer, so that nobody knows whether the PBX may be asked. */
  readonly unpreparedMs: number;
  /** Refused logins in a row after which nobody tries any more. */
  readonly credentialFailuresMax: number;
  /** A link that lasted so long starts its back-off anew when it breaks. */
  readonly stableMs: number;
}

export interface VendorLimits {
  readonly retryMs: number;
  readonly retryMsMax: number;
  /** Between refused logins; null: as after any other failure. */
  readonly credentialsMs: number | null;
  readonly blockMs: number;
  readonly forbiddenMs: number;
  readonly crowdedMs: number;
}
