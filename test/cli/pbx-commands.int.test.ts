import { describe, expect, it, vi } from 'vitest';
import { SimulatedPbx } from './simulated-pbx.ts';
import { linkBecomes, withConnector } from './with-connector.ts';

describe('a PBX whose link is held', () => {
  it('is shown live, gives a snapshot, and is let go when it is removed', async () => {
    await using pbx = await SimulatedPbx.open();
    await using _connector = await withConnector(pbx);
    await pbx.add();
    await linkBecomes(pbx, 'live');
    const shown = await pbx.run(['pbx', 'show', 'Branch']);
    expect(shown.out).toMatch(/\nlink +live\n/);
    expect(shown.out).toMatch(/\nheld by +(?!nobody)\S+/);
    const heard = async () =>
      expect((await pbx.run(['pbx', 'show', 'Branch'])).out).toContain('\nlast heard ');
    await vi.waitFor(heard, { timeout: 30_000, interval: 500 });

    const call = pbx.simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    const snapshot = await pbx.run(['pbx', 'snapshot', 'Branch']);
    expect(snapshot).toEqual({
      code: 0,
      out: 'Branch: snapshot taken and published, 1 calls, 4 phones.',
      notes: '',
    });

    expect((await pbx.run(['pbx', 'remove', 'Branch'])).out).toMatch(
      /^Removed Branch\. Its link is closed within seconds/,
    );
    await vi.waitFor(async () => {
      const [removed] = await pbx.lab.json<{ link: { heldBy: string | null } }[]>('pbx', 'list', '--all');
      expect(removed?.link.heldBy).toBeNull();
    }, 15_000);
    expect(await pbx.run(['pbx', 'snapshot', 'Branch'])).toMatchObject({ code: 1 });
  });

  it('that refuses the secret is tried again when the operator says so', async () => {
    await using pbx = await SimulatedPbx.open('asterisk-ari');
    await pbx.add();
    pbx.simulator.control.fault({ kind: 'refuseCredentials' });
    await using _connector = await withConnector(pbx);
    await vi.waitFor(
      async () => expect((await pbx.shown())?.link.credentialFailures).toBeGreaterThan(0),
      15_000,
    );
    pbx.simulator.control.heal();
    expect((await pbx.run(['pbx', 'retry', 'Branch'])).out).toMatch(
      /^Branch is tried again now, with a new budget of logins\./,
    );
    await linkBecomes(pbx, 'live');
  });
});

describe('pbx snapshot', () => {
  it('says that nobody holds the link', async () => {
    await using pbx = await SimulatedPbx.open();
    await pbx.add();
    const { code, notes } = await pbx.run(['pbx', 'snapshot', 'Branch'], {
      env: { TRUNKLINE_SNAPSHOT_WITHIN: '1s' },
    });
    expect(code).toBe(1);
    expect(notes).toMatch(/^No snapshot of Branch: nobody holds its link\./);
  });
});
