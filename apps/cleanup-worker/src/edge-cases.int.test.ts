import { until } from '@trunkline/ingest/testing';
import { describe, expect, it } from 'vitest';
import { callStates, cleanupLab, engage, extensionStatuses, monitoring } from './testing/cleanup-lab.ts';

describe('the four edge cases of a disconnect', () => {
  it('Case 1: Call in Progress When Disconnect', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'talk', status: 'connected', extensions: ['20'] });
    await lab.settled([pbx]);
    expect(await extensionStatuses(lab)).toEqual({ '20': 'incall' });

    await lab.say(pbx, 'link.disconnected');
    await lab.settled([pbx]);
    expect(await extensionStatuses(lab)).toEqual({ '20': 'online' });
    expect(await callStates(lab)).toEqual([{ call: 'talk', status: 'ended', cause: 'pbx_disconnected' }]);
    expect(await monitoring(lab)).toEqual({ extensions: 0, calls: 0 });
  });

  it('Case 2: Multiple Extensions Ringing', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'group', status: 'ringing', extensions: ['20', '30', '40'] });
    await lab.say(pbx, 'extension.changed', { extension: '50', status: 'offline' });
    await lab.settled([pbx]);

    await lab.say(pbx, 'link.disconnected');
    await lab.settled([pbx]);
    expect(await extensionStatuses(lab)).toEqual({
      '20': 'online',
      '30': 'online',
      '40': 'online',
      '50': 'offline',
    });
    expect(await callStates(lab)).toEqual([{ call: 'group', status: 'ended', cause: 'pbx_disconnected' }]);
    expect(await monitoring(lab)).toEqual({ extensions: 0, calls: 0 });
  });

  it('Case 3: Modal Open During Disconnect: screens are told all they need to close it', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'shown', status: 'ringing', extensions: ['20'] });
    await lab.settled([pbx]);

    const version = String(2n ** 40n + BigInt(await lab.say(pbx, 'link.disconnected', { reason: 'cable' })));
    await until(async () => (await lab.told(pbx.tenant, 'pbx-disconnected')).length > 0);
    const counts = { extensionsReset: 1, callsEnded: 1 };
    const last = (await lab.feed(pbx.tenant)).at(-1);
    expect(last).toEqual({
      'pbx-disconnected': [
        expect.objectContaining({
          pbx: pbx.id,
          version,
          cause: 'pbx_disconnected',
          reason: 'cable',
          cleanup: counts,
        }),
      ],
      cleanup_run: [expect.objectContaining({ kind: 'disconnect', counts, spared: false })],
      call_update: [expect.objectContaining({ call: 'shown', status: 'ended', cause: 'pbx_disconnected' })],
      extension_update: [expect.objectContaining({ extension: '20', status: 'online' })],
    });
  });

  it('Case 4: Reconnection While Calls Active', async () => {
    await using lab = await cleanupLab();
    const { pbx } = lab;
    await engage(lab, pbx, { call: 'alive', status: 'connected', extensions: ['20'] });
    await engage(lab, pbx, { call: 'over', status: 'connected', extensions: ['30'] });
    await lab.settled([pbx]);
    await lab.say(pbx, 'link.disconnected');
    await lab.settled([pbx]);
    expect(await monitoring(lab)).toEqual({ extensions: 0, calls: 0 });

    const seq = await lab.say(pbx, 'link.connected');
    await lab.say(pbx, 'link.snapshot', {
      asOf: { epoch: pbx.epoch, seq },
      calls: [{ call: 'alive', status: 'connected', extensions: ['20'] }],
      extensions: [
        { extension: '20', status: 'incall' },
        { extension: '30', status: 'online' },
      ],
    });
    await lab.settled([pbx]);
    expect(await callStates(lab)).toEqual([
      { call: 'alive', status: 'connected', cause: null },
      { call: 'over', status: 'ended', cause: 'pbx_disconnected' },
    ]);
    expect(await extensionStatuses(lab)).toEqual({ '20': 'incall', '30': 'online' });
    await lab.say(pbx, 'call.ended', { call: 'alive', cause: 'normal' });
    await lab.say(pbx, 'extension.changed', { extension: '20', status: 'online' });
    await lab.settled([pbx]);
    expect(await callStates(lab)).toContainEqual({ call: 'alive', status: 'ended', cause: 'normal' });
    expect(await monitoring(lab)).toEqual({ extensions: 0, calls: 0 });
  });
});
