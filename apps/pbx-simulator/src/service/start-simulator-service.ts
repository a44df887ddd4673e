import type { Service } from '@trunkline/service-kit';
import { startControlApi } from '../control-api/start-control-api.ts';
import { createSimulator } from '../create-simulator.ts';
import type { TrafficModel } from '../contract/traffic-model.ts';
import { keepCertificate } from './keep-certificate.ts';
import { simulatorCatalogue } from './simulator-metrics.ts';
import type { simulatorSettings } from './simulator-settings.ts';

/** What a lively office does. */
const office: Omit<TrafficModel, 'callsPerSecond'> = {
  mix: { internal: 4, inbound: 5, outbound: 4, queue: 2, group: 1, menu: 1, conference: 0.5 },
  ringMs: [1_500, 8_000],
  talkMs: [8_000, 60_000],
  noAnswer: 0.08,
  busy: 0.05,
  abandoned: 0.07,
  rejected: 0.04,
  hold: 0.2,
  transfer: 0.1,
  recorded: 0.3,
};

export async function startSimulatorService(service: Service<typeof simulatorSettings>): Promise<void> {
  const { settings, logger, metrics, shutdown } = service;
  const { dialect, host, port, controlPort, seed, extensions, callsPerSecond, username, secret } =
    settings.simulator;
  const directory = settings.simulator.certificateDirectory;
  const simulator = await createSimulator({
    dialect,
    logger,
    seed,
    host,
    port,
    extensions,
    credential: { username, secret },
    ...(directory === undefined ? {} : { certificate: await keepCertificate(directory) }),
    ...(callsPerSecond > 0 ? { traffic: { ...office, callsPerSecond } } : {}),
  });
  shutdown.add('users', 'simulated PBX', () => simulator.stop());
  const control = await startControlApi({ simulator, logger, host, port: controlPort });
  shutdown.add('users', 'control interface', () => control.close());
  metrics.make(simulatorCatalogue, {
    openCalls: (gauge) => gauge.set(openCalls(simulator.control.ledger().calls)),
  });
}

function openCalls(calls: readonly { readonly endedAt: number | null }[]): number {
  return calls.filter(({ endedAt }) => endedAt === null).length;
}
