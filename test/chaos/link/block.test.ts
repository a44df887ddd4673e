import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import {
  addPbx,
  addTenant,
  liftBlocks,
  openDatabase,
  prepareDatabase,
  showPbx,
  wantRetry,
} from '@trunkline/database';
import { pbxId } from '@trunkline/domain';
import { expect, it } from 'vitest';
import { ServiceFleet } from '../service-fleet.ts';
import { openOffice } from './office.ts';
import { stormEnvironment } from './storm-environment.ts';

/** Longer than the test takes; at its end the block is lifted as an operator would. */
const BLOCK_MS = 300_000;
const patience = { timeout: 60_000, interval: 30 };

it('while a PBX blocks our address nobody logs in, through takeovers, hand-overs and restarts', async () => {
  await using created = await createTestDatabase((url) =>
    prepareDatabase(url, new Date()).then(() => undefined),
  );
  await using database = await openDatabase({ url: created.url, applicationName: 'test', connectionsMax: 1 });
  const pbx = pbxId(crypto.randomUUID());
  const office = await openOffice(pbx, 'yeastar', 1);
  await using simulator = office.simulator;
  await database.transaction(async (transaction) => {
    const tenant = await addTenant(transaction, { name: 'Blocked' });
    const { address, certificate } = simulator;
    const trust = `sha256:${certificate?.sha256}`;
    await addPbx(transaction, {
      id: pbx,
      tenant,
      name: 'Office',
      vendor: 'yeastar',
      address,
      trust,
      credential: 'storm',
    });
  });
  await using fleet = await ServiceFleet.start(
    { connector: 3 },
    {
      databaseUrl: created.url,
      redisUrl: testRedisUrl(),
      prefix: uniquePrefix('block').replace(/:$/, ''),
      environment: { ...stormEnvironment, TRUNKLINE_BLOCK_YEASTAR: `${BLOCK_MS}ms` },
    },
  );
  const link = async () => (await database.transaction((transaction) => showPbx(transaction, pbx)))?.link;
  const tried = () => {
    const { logins, requests, sockets } = simulator.control.counters();
    return { ...logins, requests, opened: sockets.opened };
  };
  await expect.poll(link, patience).toMatchObject({ state: 'live' });

  simulator.control.fault({ kind: 'block', ms: BLOCK_MS });
  // Without a login of before nobody gets in, so that somebody has to find the block.
  simulator.control.fault({ kind: 'expireTokens' });
  simulator.control.fault({ kind: 'drop', how: 'reset' });
  await expect.poll(link, patience).toMatchObject({ state: 'blocked' });
  const found = tried();

  for (let round = 0; round < 3; round++) {
    const before = (await link())?.epoch ?? 0;
    await Promise.all([fleet.kill(0, 100), fleet.kill(1, 100), fleet.restart(2)]);
    await expect.poll(async () => (await link())?.epoch ?? 0, patience).toBeGreaterThan(before);
    await expect.poll(link, patience).toMatchObject({ state: 'blocked' });
  }
  expect(tried()).toEqual(found);

  simulator.control.heal();
  await database.transaction(async (transaction) => {
    await liftBlocks(transaction, pbx);
    await wantRetry(transaction, pbx);
  });
  await expect.poll(link, patience).toMatchObject({ state: 'live' });
  expect(tried()).toMatchObject({ refused: found.refused, whileBlocked: found.whileBlocked });
}, 180_000);
