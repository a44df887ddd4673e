import { defineMetrics } from '@trunkline/service-kit';

export const requestCatalogue = defineMetrics({
  seconds: {
    kind: 'histogram',
    name: 'trunkline_http_request_seconds',
    help: 'How long requests took, by route and status.',
    labels: {
      method: 'the methods',
      route: 'the routes as they are declared, or none',
      status: 'the statuses',
    },
  },
  underWay: {
    kind: 'gauge',
    name: 'trunkline_http_requests_under_way',
    help: 'Requests that are being answered.',
  },
});
