import { connectorSettings, createConnector } from '@trunkline/connector';
import { adapters, createCredentials } from '@trunkline/pbx';
import { createMetrics, readSettings } from '@trunkline/service-kit';
import { expect, vi } from 'vitest';
import { credential, logger, type SimulatedPbx } from './simulated-pbx.ts';

/** A connector that takes up what is added, until the test is over. */
export async function withConnector({ lab }: SimulatedPbx): Promise<AsyncDisposable> {
  const metrics = createMetrics({ app: 'connector' });
  const credentials = createCredentials({
    env: { TRUNKLINE_PBX_SIM_USERNAME: credential.username, TRUNKLINE_PBX_SIM_SECRET: credential.secret },
    directory: undefined,
  });
  const env = { ...lab.env, TRUNKLINE_LEASE_LOOK: '50ms', TRUNKLINE_LEASE_RENEWAL: '100ms' };
  const settings = readSettings(connectorSettings, env, { warn: () => undefined });
  const { database, redis } = lab;
  const connector = createConnector({ settings, database, redis, adapters, credentials, logger, metrics });
  await connector.start();
  return {
    async [Symbol.asyncDispose]() {
      await connector.stop();
      metrics.stop();
    },
  };
}

export const linkBecomes = (pbx: SimulatedPbx, state: string): Promise<void> =>
  vi.waitFor(async () => expect((await pbx.shown())?.link.state).toBe(state), {
    timeout: 15_000,
    interval: 50,
  });
