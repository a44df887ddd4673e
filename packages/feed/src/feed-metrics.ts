import type { Metrics } from '@trunkline/service-kit';

export const feedMetrics = (metrics: Metrics) => ({
  messages: metrics.counter({ name: 'trunkline_feed_messages_total', help: 'Messages added to feeds.' }),
  letters: metrics.counter({
    name: 'trunkline_feed_letters_total',
    help: 'Length of the messages added to feeds, in UTF-16 units.',
  }),
});
