import { randomUUID } from 'node:crypto';
import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { connectorSettings, createConnector } from '@trunkline/connector';
import { addPbx, addTenant, migrate, openDatabase, showPbx, type Database } from '@trunkline/database';
import { defaultStuckCallLimits, pbxId, tenantId } from '@trunkline/domain';
import { createLifecycleWorker, lifecycleSettings } from '@trunkline/lifecycle-worker';
import { adapters, createCredentials } from '@trunkline/pbx';
import { createSimulator, type Simulator, type SimulatorOptions } from '@trunkline/pbx-simulator';
import {
  createLogger,
  createMetrics,
  createRedisConnections,
  readSettings,
  type SettingsMap,
} from '@trunkline/service-kit';
import { createStuckCallWorker } from '@trunkline/stuck-call-worker';
import { createSweepRequests, type SweepRequests } from '@trunkline/stuck-calls';

const logger = createLogger({ name: 'e2e', level: 'silent', redactPhoneNumbers: true });
const secret = 'only this test knows it';
/** Sweeps are made when the test asks for them. */
const never = { cron: '0 0 1 1 *' };

export interface StuckCallLab extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly database: Database;
  readonly requests: SweepRequests;
  rows(statement: string): Promise<Record<string, unknown>[]>;
  linkState(): Promise<string | undefined>;
}

/** A simulated PBX on real sockets, a connector that holds its link and serves commands, and the worker that asks. */
export async function openStuckCallLab(dialect: SimulatorOptions['dialect']): Promise<StuckCallLab> {
  await using opening = new AsyncDisposableStack();
  const created = opening.use(await createTestDatabase(async (url) => void (await migrate(url))));
  const database = opening.use(
    await openDatabase({ url: created.url, applicationName: 'e2e', connectionsMax: 20 }),
  );
  const redis = opening.use(createRedisConnections({ url: testRedisUrl(), logger, name: 'e2e' }));
  const credential = { username: 'e2e', secret };
  const simulator = opening.use(await createSimulator({ dialect, logger, credential, extensions: 8 }));
  const prefix = uniquePrefix('e2e');
  const pbx = pbxId(randomUUID());
  await database.run(async (transaction) => {
    const tenant = await addTenant(transaction, { id: tenantId(randomUUID()), name: 'e2e' });
    const trust = `sha256:${simulator.certificate?.sha256 ?? ''}`;
    const described = { id: pbx, tenant, name: 'simulated', vendor: dialect, credential: 'e2e', trust };
    await addPbx(transaction, { ...described, address: simulator.address });
  });

  const env = { TRUNKLINE_REDIS_PREFIX: prefix, DATABASE_URL: created.url, REDIS_URL: testRedisUrl() };
  const read = <Map extends SettingsMap>(map: Map) => readSettings(map, env, { warn: () => undefined });
  const context = () => {
    const metrics = createMetrics({ app: 'e2e' });
    opening.defer(() => metrics.stop());
    return { database, redis, logger, metrics };
  };
  const run = async (service: { start(): Promise<void>; stop(): Promise<void> }): Promise<void> => {
    opening.defer(() => service.stop());
    await service.start();
  };
  const credentials = createCredentials({
    env: { TRUNKLINE_PBX_E2E_USERNAME: 'e2e', TRUNKLINE_PBX_E2E_SECRET: secret },
    directory: undefined,
  });
  await run(createLifecycleWorker({ ...context(), settings: read(lifecycleSettings) }));
  await run(createConnector({ ...context(), settings: read(connectorSettings), adapters, credentials }));
  await run(
    createStuckCallWorker({
      ...context(),
      prefix,
      timing: never,
      limits: defaultStuckCallLimits,
      verify: true,
      answerMs: 5_000,
      parallel: 2,
      doubleBookingEveryMs: 300,
      relay: () => Promise.resolve(),
    }),
  );
  const requests = opening.use(createSweepRequests({ redis, prefix, logger }));
  const everything = opening.move();
  return {
    simulator,
    database,
    requests,
    rows: (statement) => database.run((transaction) => transaction.query<Record<string, unknown>>(statement)),
    linkState: async () => (await database.run((transaction) => showPbx(transaction, pbx)))?.link.state,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
