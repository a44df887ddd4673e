import { describe, expect, it } from 'vitest';
import { createChance } from '../random.ts';
import { listen, typesOf } from '../testing/ari-client.ts';
import { openSimulator, until } from '../testing/open-simulator.ts';
import { chooseCall } from './choose-call.ts';

const model = {
  callsPerSecond: 200,
  mix: { internal: 3, inbound: 3, outbound: 2, queue: 1, group: 1, menu: 1, conference: 1 },
  ringMs: [20, 200],
  talkMs: [50, 500],
  noAnswer: 0.1,
  busy: 0.1,
  abandoned: 0.1,
  rejected: 0.1,
  hold: 0.3,
  transfer: 0.2,
  recorded: 0.2,
} as const;

describe('[TRAFFIC1] traffic', () => {
  it('makes 200 calls a second, all of which end as the frames say', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari', extensions: 400 });
    using listener = await listen(simulator).opened();
    const { control } = simulator;
    control.traffic(model);
    await until(() => control.counters().calls.placed >= 500, '500 calls');
    await control.settle();
    const { calls, phones } = control.ledger();
    const counters = control.counters();
    expect(counters.calls).toMatchObject({ placed: calls.length, ended: calls.length });
    expect(calls.every(({ status, cause }) => status === 'ended' && cause !== null)).toBe(true);
    expect(new Set(phones.map(({ status }) => status))).toEqual(new Set(['online']));
    for (const cause of ['normal', 'no_answer', 'busy', 'abandoned', 'rejected'])
      expect(calls.some((call) => call.cause === cause)).toBe(true);
    expect(calls.some(({ mergedKeys }) => mergedKeys.length > 0)).toBe(true);
    await listener.heard(counters.framesSent);
    const types = typesOf(listener);
    const count = (type: string): number => types.filter((one) => one === type).length;
    expect(count('ChannelDestroyed')).toBe(count('ChannelCreated'));
    expect(count('BridgeDestroyed')).toBe(count('BridgeCreated'));
  });

  it('is the same for the same seed', () => {
    const free = Array.from({ length: 50 }, (_, index) => String(1001 + index));
    const play = (seed: number): unknown[] => {
      const chance = createChance(seed);
      return Array.from({ length: 200 }, () => chooseCall(model, free, chance));
    };
    expect(play(7)).toEqual(play(7));
    expect(play(7)).not.toEqual(play(8));
  });

  it('skips calls for which no phone is free, and gives none two at a time', async () => {
    await using simulator = await openSimulator({ dialect: 'yeastar', extensions: 4 });
    const { control } = simulator;
    control.traffic({ callsPerSecond: 200, ringMs: [50, 100], talkMs: [50, 100], mix: { internal: 1 } });
    let mostOpen = 0;
    await until(() => {
      const open = control.ledger().calls.filter(({ endedAt }) => endedAt === null);
      mostOpen = Math.max(mostOpen, open.length);
      return control.counters().calls.skipped > 20;
    }, 'skipped calls');
    expect(mostOpen).toBe(2);
    control.traffic(null);
    await until(
      () => control.ledger().calls.every(({ endedAt }) => endedAt !== null),
      'all calls ended by themselves',
    );
  });
});
