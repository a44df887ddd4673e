import { until } from '@trunkline/ingest/testing';
import { describe, expect, it } from 'vitest';
import { callStates, cleanupLab, engage, monitoring, startCleanup } from './testing/cleanup-lab.ts';

const runs = `select kind, counts, spared, reason, cause, finished_at is not null as finished
  from cleanup_run order by version`;

describe('a disconnect', () => {
  it('is told in the log, line by line, with what was done', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'a', status: 'ringing', extensions: ['20', '30'] });
    await engage(lab, pbx, { call: 'b', status: 'connected', extensions: ['40'] });
    await lab.settled([pbx]);
    await lab.say(pbx, 'link.disconnected', { cause: 'pbx_restarted' });
    await until(() => lab.logged().includes('cleanup complete - ready for reconnection'));
    const lines = lab.logged();
    const first = lines.findIndex((line) => line.startsWith('PBX disconnected'));
    expect(lines.slice(first, first + 4)).toEqual([
      'PBX disconnected: cleaning up active call states and extension statuses',
      'reset 3 extensions to online',
      'marked 2 active calls as ended',
      'cleanup complete - ready for reconnection',
    ]);
    expect(await callStates(lab)).toMatchObject([{ cause: 'pbx_restarted' }, { cause: 'pbx_restarted' }]);
  });

  it('delivered twice, and once more to a second worker, is one cleanup', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await startCleanup(lab);
    await engage(lab, pbx, { call: 'a', status: 'ringing', extensions: ['20'] });
    await lab.settled([pbx]);
    const seq = await lab.say(pbx, 'link.disconnected');
    await lab.sayAt(pbx, seq, 'link.disconnected');
    await lab.settled([pbx]);
    // As if the counts of what was seen had been lost with a restored table.
    await lab.rows('delete from stream_progress');
    await lab.sayAt(pbx, seq, 'link.disconnected');
    await lab.say(pbx, 'call.ringing', { call: 'after' });
    await lab.settled([pbx]);
    expect(await lab.rows(runs)).toEqual([
      expect.objectContaining({ kind: 'disconnect', counts: { extensionsReset: 1, callsEnded: 1 } }),
    ]);
    await until(async () => (await lab.rows('select from outbox')).length === 0);
    expect(await lab.told(pbx.tenant, 'pbx-disconnected')).toHaveLength(1);
    expect(await lab.told(pbx.tenant, 'cleanup_run')).toHaveLength(1);
  });

  it('leaves other PBXs alone, those of the same tenant too', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    const other = await lab.addPbx(pbx.tenant);
    await engage(lab, pbx, { call: 'a', status: 'ringing', extensions: ['20'] });
    await engage(lab, other, { call: 'b', status: 'ringing', extensions: ['20'] });
    await lab.settled([pbx, other]);
    await lab.say(pbx, 'link.disconnected');
    await lab.settled([pbx]);
    expect(await monitoring(lab)).toEqual({ extensions: 1, calls: 1 });
  });
});

describe('a snapshot', () => {
  it('is noted and told as a reconciliation, with what it reopened, ended and left as it was', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'a', status: 'connected', extensions: ['20'] });
    await lab.settled([pbx]);
    await lab.say(pbx, 'link.disconnected');
    const seq = await lab.say(pbx, 'link.connected');
    await lab.say(pbx, 'link.snapshot', {
      asOf: { epoch: pbx.epoch, seq },
      calls: [{ call: 'a', status: 'connected', extensions: ['20'] }],
      extensions: [{ extension: '20', status: 'incall' }],
    });
    await lab.settled([pbx]);
    const counts = expect.objectContaining({ callsReopened: 1, callsEnded: 0, callsUnchanged: 0 }) as unknown;
    expect(await lab.rows(runs)).toEqual([
      expect.objectContaining({ kind: 'disconnect' }),
      expect.objectContaining({ kind: 'reconcile', cause: 'reconciled', counts, finished: true }),
    ]);
    await until(() =>
      lab.logged().some((line) => line.startsWith('reconciled with a snapshot: 1 calls reopened')),
    );
  });
});

describe('with a grace period', () => {
  const patient = { TRUNKLINE_CLEANUP_GRACE: '1h', TRUNKLINE_CLEANUP_LOOK: '20ms' };
  const over = `update cleanup_run set due_at = now() - interval '1 second' where finished_at is null`;

  it('the cleanup waits, survives a restart of the worker, and is then done once by one of several', async () => {
    await using lab = await cleanupLab(patient);
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'a', status: 'connected', extensions: ['20'] });
    await lab.settled([pbx]);
    await lab.say(pbx, 'link.disconnected');
    await lab.settled([pbx]);
    expect(await monitoring(lab)).toEqual({ extensions: 1, calls: 1 });
    expect(lab.logged()).not.toContain('cleanup complete - ready for reconnection');
    await lab.worker.stop();

    await lab.rows(over);
    await Promise.all([startCleanup(lab, patient), startCleanup(lab, patient)]);
    await until(() => lab.logged().includes('cleanup complete - ready for reconnection'));
    expect(await monitoring(lab)).toEqual({ extensions: 0, calls: 0 });
    await until(async () => (await lab.told(pbx.tenant, 'pbx-disconnected')).length > 1);
    expect((await lab.told(pbx.tenant, 'pbx-disconnected')).map(({ cleanup }) => cleanup)).toEqual([
      null,
      { extensionsReset: 1, callsEnded: 1 },
    ]);
    expect(await lab.rows(runs)).toEqual([expect.objectContaining({ finished: true, spared: false })]);
  });

  it('a reconnect in time spares what is still alive', async () => {
    await using lab = await cleanupLab(patient);
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'a', status: 'connected', extensions: ['20'] });
    await lab.say(pbx, 'link.disconnected');
    const seq = await lab.say(pbx, 'link.connected');
    await lab.say(pbx, 'link.snapshot', {
      asOf: { epoch: pbx.epoch, seq },
      calls: [{ call: 'a', status: 'connected', extensions: ['20'] }],
      extensions: [{ extension: '20', status: 'incall' }],
    });
    await lab.settled([pbx]);
    expect(await lab.rows(runs)).toMatchObject([
      { kind: 'disconnect', spared: true, finished: true },
      { kind: 'reconcile', counts: { callsReopened: 0, callsEnded: 0 } },
    ]);
    expect(await callStates(lab)).toEqual([{ call: 'a', status: 'connected', cause: null }]);
    expect(await lab.told(pbx.tenant, 'call_update')).not.toContainEqual(
      expect.objectContaining({ status: 'ended' }),
    );
  });
});
