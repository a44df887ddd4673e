import type { SimulatorOptions } from '@trunkline/pbx-simulator';
import { describe, expect, it } from 'vitest';
import { LinkLab, until } from './link-lab.ts';

/** What every adapter makes of every kind of call: step by step, what is heard is what the ledger says. */
export function describeCalls(dialect: SimulatorOptions['dialect']): void {
  const open = async (): Promise<LinkLab> => {
    const lab = await LinkLab.open(dialect);
    await lab.connect();
    return lab;
  };

  describe(`${dialect}: calls`, () => {
    it('between two phones: calling, ringing, answered, ended by either side', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      for (const leaver of ['1001', '1002']) {
        const call = control.place({ kind: 'internal', from: '1001', to: '1002' });
        await lab.agrees();
        call.ring();
        await lab.agrees();
        call.answer();
        await lab.agrees();
        call.hangUp(leaver);
        await lab.agrees();
      }
      expect(lab.heard().calls).toHaveLength(2);
    });

    it('from outside and to outside, with trunk and number', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const inbound = control.place({ kind: 'inbound', from: '+31611223344', to: '1003' });
      const outbound = control.place({ kind: 'outbound', from: '1004', to: '+31201234567' });
      for (const call of [inbound, outbound]) {
        call.ring();
        await lab.agrees();
        call.answer();
        await lab.agrees();
      }
      inbound.hangUp('1003');
      outbound.hangUp();
      await lab.agrees();
    });

    it('that nobody answers, that the caller gives up, that is refused', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      for (const cause of ['no_answer', 'abandoned', 'rejected', 'busy'] as const) {
        for (const plan of [
          { kind: 'internal', from: '1001', to: '1002' },
          { kind: 'inbound', from: '+31611223344', to: '1002' },
        ] as const) {
          const call = control.place(plan);
          call.ring();
          call.hangUp(cause === 'rejected' ? '1002' : undefined, cause);
          await lab.agrees();
        }
      }
    });

    it('to a phone that is off', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      control.register('1002', false);
      await lab.agrees();
      control.place({ kind: 'internal', from: '1001', to: '1002' }).ring();
      await lab.agrees();
      control.register('1002', true);
      await lab.agrees();
    });

    it('on hold and back, by either side', async () => {
      await using lab = await open();
      const call = lab.simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
      call.ring();
      call.answer();
      for (const holder of ['1001', '1002']) {
        call.hold(holder);
        await lab.agrees();
        call.resume(holder);
        await lab.agrees();
      }
      call.hangUp('1002');
      await lab.agrees();
    });

    it('transferred blindly and after a consultation', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const blind = control.place({ kind: 'inbound', from: '+31611223344', to: '1001' });
      blind.ring();
      blind.answer();
      await lab.agrees();
      blind.transfer({ by: '1001', to: '1002', kind: 'blind' });
      await lab.agrees();
      blind.answer();
      await lab.agrees();
      blind.hangUp('1002');
      await lab.agrees();

      const attended = control.place({ kind: 'internal', from: '1003', to: '1004' });
      attended.ring();
      attended.answer();
      attended.transfer({ by: '1004', to: '1005', kind: 'attended' });
      await lab.agrees();
      attended.hangUp('1005');
      await lab.agrees();
    });

    it('picked up elsewhere, from a group, a queue and a menu', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const ringing = control.place({ kind: 'internal', from: '1001', to: '1002' });
      ringing.ring();
      await lab.agrees();
      ringing.pickup('1003');
      await lab.agrees();
      ringing.hangUp('1003');
      await lab.agrees();
      for (const kind of ['group', 'queue'] as const) {
        const members = ['1004', '1005', '1006'];
        const call = control.place({ kind, from: '+31611223344', to: '6500', members });
        await lab.agrees();
        call.ring();
        await lab.agrees();
        call.answer('1005');
        await lab.agrees();
        call.hangUp('1005');
        await lab.agrees();
      }
      const menu = control.place({ kind: 'menu', from: '+31611223344', to: '1007' });
      await lab.agrees();
      menu.ring();
      menu.answer();
      await lab.agrees();
      menu.hangUp();
      await lab.agrees();
    });

    it('with three, and in a conference', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const call = control.place({ kind: 'internal', from: '1001', to: '1002' });
      call.ring();
      call.answer();
      call.join('1003');
      await lab.agrees();
      call.hangUp('1002');
      await lab.agrees();
      call.hangUp('1003');
      await lab.agrees();
    });

    it('recorded: the file is told with its call, once it is over', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const call = control.place({ kind: 'internal', from: '1001', to: '1002' });
      call.ring();
      call.answer();
      call.record();
      await lab.agrees();
      expect(lab.recordings()).toEqual([]);
      call.hangUp('1002');
      await until(
        () => (lab.recordings().length > 0 ? [] : ['no recording was told yet']),
        'waiting for a recording',
      );
      const [{ key, recording } = {}] = control.ledger().calls;
      expect(lab.recordings()).toEqual([{ recording, call: key }]);
    });

    it('as many at once as there are phones, in the wildest mix', async () => {
      await using lab = await LinkLab.open(dialect, { extensions: 60, seed: 7 });
      await lab.connect();
      lab.simulator.control.traffic({
        callsPerSecond: 60,
        mix: { internal: 3, inbound: 3, outbound: 2, queue: 1, group: 1, menu: 1 },
        ringMs: [20, 200],
        talkMs: [20, 400],
        noAnswer: 0.1,
        busy: 0.1,
        abandoned: 0.1,
        rejected: 0.1,
        hold: 0.3,
        transfer: 0.2,
        recorded: 0.2,
      });
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await lab.simulator.control.settle();
      await lab.agrees();
      expect(lab.heard().calls.length).toBeGreaterThan(40);
      expect(lab.unreadable).toEqual([]);
    });
  });
}
