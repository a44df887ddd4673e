import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { one, phone, PushLab } from './testing/push-lab.ts';
import { startPushProcess } from './testing/start-push-process.ts';
import { TestClient } from './testing/test-client.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
beforeAll(async () => {
  lab = await PushLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

it('[LIVE5] a node that stops gives each client its own slot, serves it until then, and takes nobody in', async () => {
  const node = await lab.node({ tuning: { drain: { windowMs: 1_500, graceMs: 1_500 } } });
  const second = await lab.node();
  const clients = await Promise.all(Array.from({ length: 10 }, () => node.connected()));
  await Promise.all(clients.map((client) => client.subscribe('extensions')));
  const stopping = node.push.stop();
  const slots = await Promise.all(clients.map((client) => client.hears('moving')));
  const times = slots.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b);
  expect(new Set(times).size).toBe(10);
  expect(times.at(-1)).toBeLessThan(1_500);
  for (const { afterMs, closeInMs } of slots) expect(closeInMs - afterMs).toBe(1_500);
  await lab.tell(one, { extension_update: [phone()] });
  await Promise.all(clients.map((client) => client.hears('extension_update')));
  const late = node.client({ token: await lab.token() });
  expect((await late.ending()).code).toBe(1006);
  // Half of them move in good order, the others are closed when their time is up.
  for (const client of clients.slice(0, 5)) {
    const moved = await second.connected();
    const { offset, topic } = await client.hears('extension_update');
    const { epoch } = await client.hears('reset');
    moved.say({ type: 'resume', topics: [{ topic, epoch, offset }] });
    expect(await moved.hears('replayed')).toMatchObject({ count: 0 });
    client.webSocket.close(1000);
  }
  for (const client of clients.slice(5)) {
    expect(await client.ending()).toEqual({ code: 1012, reason: 'restarting' });
  }
  await stopping;
  expect(node.push.connections).toBe(0);
});

it('SIGTERM does so, and the process ends by itself with code 0', async () => {
  await using process = await startPushProcess(lab, { TRUNKLINE_PUSH_DRAIN: '200ms' });
  await using client = new TestClient(process.port, { token: await lab.token() });
  await client.hears('connected');
  await client.subscribe('extensions');
  process.kill('SIGTERM');
  await client.hears('moving');
  client.webSocket.close(1000);
  expect(await process.ended).toBe(0);
});
