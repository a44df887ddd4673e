import { pbxId } from '@trunkline/domain';
import { takeSnapshotWish } from '@trunkline/database';
import { describe, expect, it } from 'vitest';
import { createIngestWorker, ingestGroups, type IngestGroup } from './index.ts';
import { IngestLab, until } from './testing/index.ts';

const worker = (lab: IngestLab, group: IngestGroup, extras = {}) =>
  lab.started(createIngestWorker(lab.context(), group, extras));

describe('from the streams to the tables and feeds', () => {
  it('each group applies what it wants, and together they apply all', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    await worker(lab, ingestGroups.lifecycle);
    await worker(lab, ingestGroups.cleanup);
    await lab.say(pbx, 'link.connected');
    await lab.say(pbx, 'call.ringing', { call: 'c', extensions: ['1001'] });
    await lab.say(pbx, 'extension.changed', { extension: '1001', status: 'ringing' });
    await lab.say(pbx, 'call.connected', { call: 'c', extensions: ['1001'] });
    await lab.say(pbx, 'recording.ready', { recording: 'r.wav', call: 'c' });
    await lab.settled([pbx]);
    await lab.say(pbx, 'link.disconnected', { reason: 'cut' });
    await lab.settled([pbx]);
    expect(await lab.rows('select call_key, status, hangup_cause from call')).toEqual([
      { call_key: 'c', status: 'ended', hangup_cause: 'pbx_disconnected' },
    ]);
    expect(await lab.rows('select number, status from extension')).toEqual([
      { number: '1001', status: 'online' },
    ]);
    expect(await lab.rows('select recording_key from recording')).toEqual([{ recording_key: 'r.wav' }]);
    expect(await lab.rows('select type from call_event order by version')).toHaveLength(6);

    await until(async () => (await lab.told(pbx.tenant, 'pbx-disconnected')).length > 0);
    const types = (await lab.feed(pbx.tenant)).flatMap((message) => Object.keys(message));
    expect(new Set(types)).toEqual(
      new Set([
        'pbx-connected',
        'new_call',
        ...(types.includes('call_update') ? ['call_update'] : []),
        'extension_update',
        'new_recording',
        'pbx-disconnected',
        'cleanup_run',
      ]),
    );
    expect(await lab.told(pbx.tenant, 'new_call')).toEqual([
      expect.objectContaining({ call: 'c', revision: 1 }),
    ]);
    await until(async () => (await lab.rows('select from outbox')).length === 0);
  });

  it('what nobody can read, and what a PBX says that nobody has added, is set aside with its reason', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    const stranger = { id: '99999999-0000-4000-8000-000000000000', tenant: '', epoch: 1, seq: 0 };
    await worker(lab, ingestGroups.lifecycle);
    await lab.say(stranger, 'call.ringing', { call: 's' });
    await lab.say(pbx, 'call.ringing', { call: 'a', extensions: 'none' });
    await lab.say(pbx, 'call.ringing', { call: 'b' });
    await lab.settled([pbx, stranger], ['lifecycle']);
    expect(await lab.rows('select call_key from call')).toEqual([{ call_key: 'b' }]);
    expect(
      (await lab.rows('select error from dead_letter order by error')).map(({ error }) => error),
    ).toEqual([
      expect.stringContaining('call.ringing: extensions'),
      expect.stringContaining(`no PBX ${stranger.id} is known here`),
    ]);
  });

  it('a gap is answered with a wish for a snapshot, and says why', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    await worker(lab, ingestGroups.lifecycle);
    await lab.say(pbx, 'call.ringing', { call: 'a' });
    pbx.seq += 1;
    await lab.say(pbx, 'call.ringing', { call: 'c' });
    await lab.settled([pbx], ['lifecycle']);
    const wish = await lab.database.run((transaction) => takeSnapshotWish(transaction, pbxId(pbx.id)));
    expect(wish).toBe('gap');
  });

  it('what is committed while the feed refuses it stays in the outbox', async () => {
    await using lab = await IngestLab.open();
    const pbx = await lab.addPbx();
    const context = lab.context();
    const { prefix } = context.settings.stores;
    // Another kind of key where the feed's head should be: Redis refuses every message of this tenant.
    await lab.client.set(`${prefix}:feed:{${pbx.tenant}}:head`, 'in the way');
    await lab.started(createIngestWorker(context, ingestGroups.lifecycle));
    await lab.say(pbx, 'call.ringing', { call: 'a' });
    await lab.settled([pbx], ['lifecycle']);
    await until(() => lab.logged().includes('what follows a commit failed'));
    expect(await lab.rows('select from outbox')).toHaveLength(1);
    expect(await lab.rows('select status from call')).toEqual([{ status: 'ringing' }]);
    const exposition = await context.metrics.exposition();
    expect(exposition).toMatch(/^trunkline_outbox_messages\{app="worker"\} 1$/m);
    expect(exposition).toMatch(/^trunkline_dead_letters\{group="lifecycle",app="worker"\} 0$/m);
  });
});

describe('a worker', () => {
  it('is ready while its stores answer and its consumer turns, and ends without leaving a connection', async () => {
    await using lab = await IngestLab.open();
    const context = lab.context();
    const before = lab.redis.size;
    const own = await lab.started(createIngestWorker(context, ingestGroups.lifecycle));
    context.health?.started();
    expect(await context.health?.readiness()).toMatchObject({
      ready: true,
      checks: [{ check: 'database' }, { check: 'redis' }, { check: 'consumer' }],
    });
    await own.stop();
    await own.stop();
    expect(lab.redis.size).toBe(before);
  });
});
