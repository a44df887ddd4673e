import { describe, expect, it } from 'vitest';
import { describeCalls } from './calls.suite.ts';
import { describeLink } from './link.suite.ts';
import { LinkLab } from './link-lab.ts';

describeCalls('asterisk-ami');
describeLink('asterisk-ami');

describe('asterisk-ami: only here', () => {
  it('a PBX that says goodbye ends the link as a shutdown', async () => {
    await using lab = await LinkLab.open('asterisk-ami');
    await lab.connect();
    lab.simulator.control.fault({ kind: 'restart', downMs: 500, announce: true });
    expect(await lab.lost()).toBe('shutdown');
  });
});
