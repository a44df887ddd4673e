import { defineMetrics, type Metrics } from '@trunkline/service-kit';

export const feedCatalogue = defineMetrics({
  messages: {
    kind: 'counter',
    name: 'trunkline_feed_messages_total',
    help: 'Messages added to feeds.',
  },
  letters: {
    kind: 'counter',
    name: 'trunkline_feed_letters_total',
    help: 'Length of the messages added to feeds, in UTF-16 units.',
  },
  deliverSeconds: {
    kind: 'histogram',
    name: 'trunkline_feed_deliver_seconds',
    help: 'From the call, after the commit, until Redis has the messages and has published them.',
  },
});

export const feedMetrics = (metrics: Metrics) => metrics.make(feedCatalogue);
