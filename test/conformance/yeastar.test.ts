import { describe, expect, it } from 'vitest';
import { describeCalls } from './calls.suite.ts';
import { describeLink } from './link.suite.ts';
import { LinkLab } from './link-lab.ts';

describeCalls('yeastar');
describeLink('yeastar');

describe('yeastar: only here', () => {
  it('tokens that expire are renewed and the link goes on', async () => {
    await using lab = await LinkLab.open('yeastar');
    await lab.connect();
    lab.simulator.control.fault({ kind: 'expireTokens' });
    await lab.snapshot();
    await lab.agrees();
    expect(lab.simulator.control.counters().tokens.live).toBe(1);
  });

  it('tokens are renewed before they expire, and at most one is alive', async () => {
    await using lab = await LinkLab.open('yeastar', { limits: { accessTokenMs: 600 } });
    await lab.connect();
    for (let round = 0; round < 8; round++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await lab.snapshot();
      expect(lab.simulator.control.counters().tokens.live).toBeLessThanOrEqual(1);
    }
    const { logins, tokens } = lab.simulator.control.counters();
    expect(tokens.issued).toBeGreaterThan(2);
    expect(logins.refused).toBe(0);
  });

  it('a token outlives the process that took it: a successor logs in without a login', async () => {
    await using lab = await LinkLab.open('yeastar');
    const first = await lab.dial();
    await lab.connect();
    expect(lab.simulator.control.counters()).toMatchObject({ logins: { attempts: 1 }, tokens: { live: 1 } });
    await first[Symbol.asyncDispose]();
  });

  it('frames that name one member, details that never come, and phones that never say BYE', async () => {
    await using lab = await LinkLab.open('yeastar', { extensions: 30 });
    await lab.connect();
    const { control } = lab.simulator;
    control.fault({ kind: 'singleMember' });
    control.fault({ kind: 'endings', withoutDetails: 0.3, withoutBye: 0.3 });
    control.traffic({ callsPerSecond: 30, ringMs: [20, 150], talkMs: [20, 300], hold: 0.3 });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await control.settle();
    await lab.agrees({ details: 'loose' });
  });
});
