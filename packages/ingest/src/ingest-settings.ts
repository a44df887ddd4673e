import { integer, setting, storeSettings } from '@trunkline/service-kit';

/** What every worker on the streams must be told. */
export const ingestSettings = {
  ...storeSettings,
  feed: {
    entriesMax: setting({
      variable: 'TRUNKLINE_FEED_ENTRIES',
      schema: integer({ min: 10, max: 1_000_000 }),
      default: { value: '1000', because: 'a client that missed more is quicker with a snapshot' },
      explain: "How many messages a tenant's feed keeps for clients that were away for a moment.",
      example: '1000',
    }),
  },
};
