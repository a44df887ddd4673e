/** What webhooks may take at most. What happens there stands beside each. */
export const webhookBounds = {
  /** Further endpoints of a tenant are refused. */
  endpointsPerTenantMax: 20,
  /** Deliveries of one endpoint under way at once; the others wait. */
  parallelDefault: 8,
  parallelMax: 50,
  /** Tests of one endpoint under way at once; further ones are refused. */
  testsMax: 5,
  /** Secrets of one endpoint that still sign; the oldest go. */
  secretsMax: 4,
  /** PBXs that an endpoint can name. */
  pbxsMax: 100,
  urlLengthMax: 2_000,
  descriptionLengthMax: 200,
  /** How long a secret signs beside the one that took its place. */
  secretOverlapMs: 24 * 3_600_000,
  /** An endpoint is not given up for fewer failures in a row, however long they lie apart. */
  failuresBeforeDisablingMin: 10,
  /** What is kept of a response, in bytes; its rest is not read. */
  responseBytesMax: 1_024,
  errorLengthMax: 500,
} as const;
