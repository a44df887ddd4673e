import { describe, expect, it } from 'vitest';
import { describeCalls } from './calls.suite.ts';
import { describeLink } from './link.suite.ts';
import { LinkLab } from './link-lab.ts';

describeCalls('asterisk-ari');
describeLink('asterisk-ari');

describe('asterisk-ari: only here', () => {
  it('another client that takes the application ends the link as replaced', async () => {
    await using lab = await LinkLab.open('asterisk-ari');
    await lab.connect();
    lab.simulator.control.fault({ kind: 'replaceApplication' });
    expect(await lab.lost()).toBe('replaced');
  });
});
