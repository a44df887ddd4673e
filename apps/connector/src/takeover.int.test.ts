import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { ConnectorLab } from './testing/connector-lab.ts';

/** Each waits for processes to start, which on a busy machine takes long. */
const patience = { timeout: 40_000, interval: 20 };
vi.setConfig({ testTimeout: 120_000 });

/** A replica in a process of its own; what is left of it at the end is killed. */
function startProcess(lab: ConnectorLab) {
  const file = new URL('testing/replica-process.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [file], {
    env: { PATH: process.env['PATH'], ...lab.environment(), TRUNKLINE_LEASE_TTL: '1s' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let output = '';
  child.stdout?.on('data', (data: Buffer) => void (output += data.toString()));
  return {
    output: () => output,
    signal: (name: NodeJS.Signals) => child.kill(name),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const epochs = async (lab: ConnectorLab, pbx: string) =>
  new Set((await lab.published(pbx)).map(({ epoch }) => epoch));

it('what a killed replica could not say any more, its successor says', async () => {
  await using lab = await ConnectorLab.open();
  const { id } = await lab.addPbx();
  await using victim = startProcess(lab);
  await expect.poll(() => epochs(lab, id), patience).toContain(1);
  await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', epoch: 1 });
  victim.signal('SIGKILL');
  await using _successor = startProcess(lab);
  await expect.poll(async () => (await lab.story(id)).join(), patience).toMatch(/,2\.\d+ link\.snapshot/);
  const [first, second] = (await lab.published(id)).filter(({ epoch }) => epoch === 2);
  expect(first).toMatchObject({
    seq: 1,
    type: 'link.disconnected',
    payload: { cause: 'pbx_disconnected', reason: 'the connector that held the link is gone' },
  });
  expect(second).toMatchObject({ seq: 2, type: 'link.connected' });
});

it('a replica that was frozen says nothing more when it wakes up', async () => {
  await using lab = await ConnectorLab.open();
  const { id } = await lab.addPbx();
  await using victim = startProcess(lab);
  await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', epoch: 1 });
  victim.signal('SIGSTOP');
  await using _successor = startProcess(lab);
  await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', epoch: 2 });
  const wordsOfVictim = async () => (await lab.published(id)).filter(({ epoch }) => epoch === 1).length;
  victim.signal('SIGCONT');
  await expect.poll(() => victim.output(), patience).toContain('link given up without a word');
  const before = await wordsOfVictim();
  const all = (await lab.published(id)).length;
  await expect.poll(async () => (await lab.published(id)).length, patience).toBeGreaterThan(all + 10);
  expect(await wordsOfVictim()).toBe(before);
  const places = (await lab.published(id)).map(({ epoch, seq }) => `${epoch}.${seq}`);
  expect(new Set(places).size).toBe(places.length);
});
