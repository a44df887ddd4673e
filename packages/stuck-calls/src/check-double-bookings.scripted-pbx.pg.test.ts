import { randomUUID } from 'node:crypto';
import { takeWorkLease, WorkLeaseLostError } from '@trunkline/database';
import { CommandError } from '@trunkline/pbx-commands';
import { expect, it } from 'vitest';
import { checkDoubleBookings } from './check-double-bookings.ts';
import { createSweepLab, type SweepLab } from './testing/sweep-lab.ts';

const lease = { name: 'doubles', holder: randomUUID() };
const bounds = { phonesMax: 10, askAgainMs: 60_000 };

async function look(lab: SweepLab, askAgainMs = bounds.askAgainMs) {
  await lab.database.run((transaction) => takeWorkLease(transaction, lease, 60_000));
  return checkDoubleBookings(lab.context, lease, { ...bounds, askAgainMs });
}

async function twoCalls(lab: SweepLab): Promise<void> {
  await lab.say('old', 'call.connected', { extensions: ['1001'], at: Date.now() });
  await lab.say('new', 'call.connected', { extensions: ['1001'], at: Date.now() });
}

it('the call that is gone is ended at once, long before its limit, and a run tells why', async () => {
  await using lab = await createSweepLab();
  await twoCalls(lab);
  lab.answers.set('old', 'gone').set('new', 'alive');
  const { checked, total } = await look(lab);
  expect(total).toBe(1);
  expect(checked).toMatchObject([
    {
      extension: '1001',
      calls: [
        { call: 'new', liveness: 'alive' },
        { call: 'old', liveness: 'gone' },
      ],
    },
  ]);
  expect(await lab.calls()).toEqual({ old: 'timeout_cleanup', new: 'connected' });
  expect(
    await lab.rows(`select r.reason, c.call_key, c.why, c.outcome from cleanup_run r
      join cleanup_run_call c on c.run_id = r.id where r.finished_at is not null`),
  ).toEqual([{ reason: 'double booking', call_key: 'old', why: 'double_booked', outcome: 'ended' }]);
  expect(await look(lab)).toMatchObject({ total: 0, checked: [] });
});

it('call waiting and hold are asked about once, and again when one of the calls changes', async () => {
  await using lab = await createSweepLab();
  await twoCalls(lab);
  lab.answers.set('old', 'alive').set('new', 'alive');
  await look(lab, 0);
  await look(lab, 0);
  expect(lab.asked.toSorted()).toEqual(['new', 'old']);
  await lab.say('old', 'call.held', { extensions: ['1001'] });
  await look(lab, 0);
  expect(lab.asked).toHaveLength(4);
  expect(await lab.rows('select from cleanup_run')).toEqual([]);
});

it('what the PBX can’t tell stays, and is asked again after a while', async () => {
  await using lab = await createSweepLab();
  await twoCalls(lab);
  lab.answers.set('old', new CommandError('unanswered', 'no answer')).set('new', 'alive');
  expect((await look(lab)).checked).toHaveLength(1);
  expect((await look(lab)).checked).toHaveLength(0);
  expect(await lab.calls()).toEqual({ old: 'connected', new: 'connected' });
  await lab.rows(`update double_booking set ask_after = now()`);
  lab.answers.set('old', 'gone');
  await look(lab);
  expect(await lab.calls()).toEqual({ old: 'timeout_cleanup', new: 'connected' });
});

it('whoever lost the lease looks at nothing', async () => {
  await using lab = await createSweepLab();
  await twoCalls(lab);
  const other = { name: 'doubles', holder: randomUUID() };
  await expect(checkDoubleBookings(lab.context, other, bounds)).rejects.toThrow(WorkLeaseLostError);
});
