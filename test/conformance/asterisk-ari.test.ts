import { describe, expect, it } from 'vitest';
import { describeCalls } from './calls.suite.ts';
import { describeLink } from './link.suite.ts';
import { LinkLab, until } from './link-lab.ts';

describeCalls('asterisk-ari');
describeLink('asterisk-ari');

describe('asterisk-ari: only here', () => {
  it('another client that takes the application ends the link as replaced', async () => {
    await using lab = await LinkLab.open('asterisk-ari');
    await lab.connect();
    lab.simulator.control.fault({ kind: 'replaceApplication' });
    expect(await lab.lost()).toBe('replaced');
  });

  it('also where the word of it is lost: events of our own do not arrive, and the link ends as silent', async () => {
    await using lab = await LinkLab.open('asterisk-ari');
    await lab.connect({ heartbeatEveryMs: 50, answerMs: 500 });
    lab.simulator.control.fault({ kind: 'replaceApplication', quietly: true });
    expect(await lab.lost()).toBe('silent');
    await lab.connect();
    await lab.agrees();
  });

  it('a link whose own events arrive lives on', async () => {
    await using lab = await LinkLab.open('asterisk-ari');
    await lab.connect({ heartbeatEveryMs: 50 });
    const { requests } = lab.simulator.control.counters();
    await until(
      () => (lab.simulator.control.counters().requests > requests + 6 ? [] : ['too few checks yet']),
      'waiting for checks',
    );
    expect(lab.connection.tally.heartbeats).toBeGreaterThan(3);
    const call = lab.simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    await lab.agrees();
  });
});
