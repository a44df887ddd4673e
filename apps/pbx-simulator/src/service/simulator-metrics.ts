import { defineMetrics } from '@trunkline/service-kit';

export const simulatorCatalogue = defineMetrics({
  openCalls: {
    kind: 'gauge',
    name: 'trunkline_simulator_open_calls',
    help: 'Calls that go on in the simulated PBX.',
  },
});
