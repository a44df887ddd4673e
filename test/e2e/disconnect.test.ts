import { sleep } from '@trunkline/service-kit';
import { expect, it } from 'vitest';
import type { Tolerance } from '../support/ledger-differences.ts';
import { FleetLab, untilNothing } from './fleet-lab.ts';

const busyMs = 2_000;

it(
  'a PBX with traffic, a drop and a reconnect: tables and feeds say what the PBX says',
  { timeout: 180_000 },
  async () => {
    await using lab = await FleetLab.open({ dialect: 'yeastar' });
    const { control } = lab.simulator;
    const agrees = (what: string, tolerance: Tolerance = {}) =>
      untilNothing(() => lab.differences(tolerance), `${what}: the tables differ from the ledger`);
    const linkIs = (wanted: string) =>
      untilNothing(async () => {
        const state = await lab.linkState();
        return state === wanted ? [] : [`the link is ${state}`];
      }, `the link should be ${wanted}`);

    await linkIs('live');
    await agrees('after the first snapshot');

    control.traffic({ callsPerSecond: 12, pace: 20, hold: 0.2, transfer: 0.1, recorded: 0.2 });
    await sleep(busyMs);
    await control.settle();
    await agrees('after traffic');
    expect(control.ledger().calls.length).toBeGreaterThan(5);

    const talking = control.place({ kind: 'internal', from: '1001', to: '1002' });
    talking.ring();
    talking.answer();
    const leaving = control.place({ kind: 'inbound', from: '+31611223344', to: '1003' });
    leaving.ring();
    await agrees('before the drop');
    expect(await lab.monitoring()).toEqual({ extensions: 3, calls: 2 });

    const droppedAt = Date.now();
    control.fault({ kind: 'drop', how: 'reset' });
    await untilNothing(async () => {
      const runs = await lab.rows(`select from cleanup_run where kind = 'disconnect'`);
      return runs.length === 1 ? [] : ['no cleanup yet'];
    }, 'the lost link should be cleaned up');
    expect(await lab.monitoring()).toEqual({ extensions: 0, calls: 0 });
    expect(await lab.rows(`select counts from cleanup_run where kind = 'disconnect'`)).toEqual([
      { counts: { extensionsReset: 3, callsEnded: 2 } },
    ]);
    leaving.hangUp();

    await linkIs('live');
    lab.gaps.push([droppedAt, Date.now()]);
    // After a reconnect the PBX's records of past calls are read, and a record does not name every phone of a call.
    const loose = { details: 'loose' } as const;
    await agrees('after the reconnect', loose);
    expect(await lab.monitoring()).toEqual({ extensions: 2, calls: 1 });
    talking.hangUp();
    await agrees('after the last call', loose);
    expect(await lab.monitoring()).toEqual({ extensions: 0, calls: 0 });

    await untilNothing(async () => {
      const left = await lab.rows('select from outbox');
      return left.length === 0 ? [] : [`${left.length} messages are not relayed`];
    }, 'everything should be on its way to the screens');
    await lab.screen.catchUp();
    expect(await lab.screen.differences()).toEqual([]);
    expect(await lab.rows('select from dead_letter')).toEqual([]);
  },
);
