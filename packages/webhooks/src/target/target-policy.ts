/** Where webhooks may go. */
export interface TargetPolicy {
  /** Addresses that are not of the public internet are allowed, and http with them. */
  readonly privateAllowed: boolean;
  readonly ports: readonly number[] | 'any';
}
