import { createPublisher } from '@trunkline/event-stream';
import type { SystemStatus } from '@trunkline/operations';
import { commandQueue } from '@trunkline/pbx-commands';
import { createLogger, createMetrics } from '@trunkline/service-kit';
import { sweepQueue } from '@trunkline/stuck-calls';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

async function publish(count: number): Promise<void> {
  const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
  const metrics = createMetrics({ app: 'lab' });
  const publisher = createPublisher<string>({
    prefix: lab.prefix,
    shards: 2,
    redis: lab.redis,
    codec: { encode: (_type, text) => text, decode: (text) => text },
    logger,
    metrics,
    onLoss: () => undefined,
  });
  for (let seq = 1; seq <= count; seq += 1)
    await publisher.publish({ source: lab.pbx, epoch: 1, seq, type: 'call.ringing', payload: '{}' });
  await publisher.stop();
  metrics.stop();
}

async function addJobs(address: { readonly name: string; readonly prefix: string }): Promise<void> {
  const connection = lab.redis.open('bullmq producer');
  await lab.redis.whenReady(connection);
  const queue = new Queue(address.name, { connection, prefix: address.prefix });
  await queue.add('any', {});
  await queue.close();
}

describe('status', () => {
  it('shows a system at rest', async () => {
    const { code, out, notes } = await lab.run(['status']);
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(out).toMatch(/^Links\npbx +state .*\nHead office +idle .* 0 +0$/m);
    expect(out).toMatch(
      /Event streams\n.*\nlifecycle +0 events +- +0 of 2 +0\ncleanup +0 events +- +0 of 2 +0\n/,
    );
    expect(out).toMatch(
      /Backlogs\noutbox +0 messages\ndead letters +none\nsnapshots wanted +0\nconnectors alive +0\n/,
    );
    expect(out).toMatch(/Queues\n.*\nstuck-calls +0 +0 +0 +0$/);
    expect(out).not.toContain('Left over');
  });

  it('shows what waits: events and since when, messages, wishes, dead letters and jobs', async () => {
    await publish(3);
    await lab.hear('call.connected', { call: 'a', extensions: ['1001'] });
    await lab.query(`update outbox set created_at = now() - interval '2 minutes'`);
    await lab.query(`insert into snapshot_wish (pbx_id, because) values ($1, 'gap')`, [lab.pbx]);
    await lab.query(
      `insert into dead_letter (id, group_name, shard, entry_id, payload, error, attempts)
       values (gen_random_uuid(), 'cleanup', 0, '1-0', '{}', 'broken', 1)`,
    );
    await addJobs(sweepQueue(lab.prefix));
    await addJobs(commandQueue(lab.prefix, lab.pbx));

    const status = await lab.json<SystemStatus>('status');
    expect(status.groups).toMatchObject([
      { group: 'lifecycle', lag: 3, oldestMs: expect.any(Number) as number },
      { group: 'cleanup', lag: 3, oldestMs: expect.any(Number) as number },
    ]);
    expect(status).toMatchObject({
      redisProblem: null,
      activity: [{ name: 'Head office', openCalls: 1, linkOpen: false }],
      backlogs: { outbox: { messages: 1 }, snapshotWishes: 1 },
      queues: [
        { queue: 'stuck-calls', waiting: 1 },
        { queue: 'webhooks', waiting: 0 },
        { queue: 'imports', waiting: 0 },
        { queue: 'recordings', waiting: 0 },
        { queue: 'commands to Head office', waiting: 1 },
      ],
    });
    const { out } = await lab.run(['status']);
    expect(out).toMatch(/lifecycle +3 events +\d+ s ago /);
    expect(out).toMatch(/cleanup +3 events .* 1\n/);
    expect(out).toMatch(/outbox +1 messages, the oldest for 2 min/);
    expect(out).toContain('dead letters      cleanup 1: trunkline dead-letters list');
    expect(out).toMatch(/Left over: nobody listens to Head office/);
  });

  it('leaves nothing behind in Redis', async () => {
    const client = lab.redis.open('commands');
    await lab.redis.whenReady(client);
    const keys = async () => (await client.keys(`${lab.prefix}*`)).sort();
    const before = await keys();
    await lab.run(['status']);
    expect(await keys()).toEqual(before);
  });

  it('shows what the database knows while Redis is away, and says so', async () => {
    const ran = await lab.run(['status'], { env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/Head office +idle/);
    expect(ran.out).toMatch(/Event streams\nunknown/);
    expect(ran.notes).toBe("Redis can't be reached. Is it running, and is REDIS_URL right?");
  });
});
