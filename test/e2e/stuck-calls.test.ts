import { dialects, type Simulator } from '@trunkline/pbx-simulator';
import { expect, it } from 'vitest';
import { FleetLab } from './fleet-lab.ts';

const patience = { timeout: 45_000 };

const shown = async (lab: FleetLab): Promise<Record<string, unknown>> => {
  const calls = await lab.rows(
    `select call_key, coalesce(hangup_cause, status) as shown from call order by 1`,
  );
  return Object.fromEntries(calls.map((row) => [row['call_key'], row['shown']]));
};

function talk({ control }: Simulator, from: string, to: string) {
  const call = control.place({ kind: 'internal', from, to });
  call.ring();
  call.answer();
  return call;
}

it.each(dialects)(
  'a hang-up that %s loses is noticed by asking it, and a call that goes on is left alone',
  async (dialect) => {
    await using lab = await FleetLab.open({ dialect, simulator: { extensions: 8 } });
    const { control } = lab.simulator;
    await expect.poll(() => lab.linkState(), patience).toBe('live');
    const talking = talk(lab.simulator, '1001', '1002');
    const lost = talk(lab.simulator, '1003', '1004');
    const bothConnected = { [talking.key]: 'connected', [lost.key]: 'connected' };
    await expect.poll(() => shown(lab), patience).toEqual(bothConnected);

    control.fault({ kind: 'loseHangups', share: 1 });
    lost.hangUp();
    const report = await lab.sweepAll();
    expect(report.counts).toMatchObject({ found: 2, ended: 1, alive: 1, unknown: 0 });
    expect(await shown(lab)).toEqual({ [talking.key]: 'connected', [lost.key]: 'timeout_cleanup' });

    // Its phone takes another call: nobody waits for a sweep then.
    talking.hangUp();
    const next = talk(lab.simulator, '1001', '1005');
    const settled = {
      [talking.key]: 'timeout_cleanup',
      [lost.key]: 'timeout_cleanup',
      [next.key]: 'connected',
    };
    await expect.poll(() => shown(lab), patience).toEqual(settled);
  },
  180_000,
);
