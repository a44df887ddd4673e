import { describe, expect, it } from 'vitest';
import { ConnectorLab, ringing, shortLeases } from './testing/connector-lab.ts';

const counts = (replicas: readonly { connector: { links(): ReadonlyMap<string, unknown> } }[]) =>
  replicas.map(({ connector }) => connector.links().size).sort((one, other) => one - other);

/** For what takes milliseconds on an idle machine. */
const patience = { timeout: 10_000, interval: 20 };

describe('leases over replicas, with a scripted adapter', () => {
  it('spread evenly, and again when replicas come and go, and no link is ever said to be lost', async () => {
    await using lab = await ConnectorLab.open();
    const ids: string[] = [];
    for (let index = 0; index < 9; index += 1) ids.push((await lab.addPbx()).id);
    const first = await lab.replica();
    await expect.poll(() => counts([first]), patience).toEqual([9]);
    const second = await lab.replica();
    const third = await lab.replica();
    await expect.poll(() => counts([first, second, third]), patience).toEqual([3, 3, 3]);
    await expect.poll(() => [...lab.pbxs.values()].every(({ alive }) => alive === 1), patience).toBe(true);
    await first.connector.stop();
    await expect.poll(() => counts([second, third]), patience).toEqual([4, 5]);
    await expect.poll(() => [...lab.pbxs.values()].every(({ alive }) => alive === 1), patience).toBe(true);
    for (const id of ids) expect((await lab.story(id)).join()).not.toContain('link.disconnected');
    for (const pbx of lab.pbxs.values()) expect(pbx.aliveMax).toBe(1);
  });

  it('of the last replica are closed with a word', async () => {
    await using lab = await ConnectorLab.open();
    const { id } = await lab.addPbx();
    const only = await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    await only.connector.stop();
    expect((await lab.story(id)).at(-1)).toBe('1.3 link.disconnected');
    expect(await lab.link(id)).toMatchObject({ state: 'idle', heldBy: null });
    await lab.replica();
    await expect.poll(() => lab.story(id), patience).toContain('2.2 link.snapshot');
    expect(await lab.story(id)).toContain('2.1 link.connected');
  });

  it('are handed over without a word, and the successor reconciles', async () => {
    await using lab = await ConnectorLab.open();
    const { id } = await lab.addPbx();
    const first = await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    await lab.replica();
    await expect.poll(() => lab.replicasSeen(), patience).toBe(2);
    await first.connector.stop();
    await expect
      .poll(() => lab.story(id), patience)
      .toEqual(['1.1 link.connected', '1.2 link.snapshot', '2.1 link.connected', '2.2 link.snapshot']);
  });

  it('that are handed over to somebody who can not connect are said to be lost by that one', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    const first = await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    lab.pbxs.delete(id);
    await lab.replica();
    await expect.poll(() => lab.replicasSeen(), patience).toBe(2);
    await first.connector.stop();
    await expect.poll(() => lab.story(id), patience).toContain('2.1 link.disconnected');
    lab.pbxs.set(id, pbx);
    await expect.poll(() => lab.story(id), patience).toContain('2.2 link.connected');
  });

  it('of a replica that was cut off are taken over, and it falls silent by itself', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    const frozen = await lab.replica(shortLeases);
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    frozen.cutOff();
    await lab.replica(shortLeases);
    await expect.poll(() => lab.story(id), patience).toContain('2.3 link.snapshot');
    // Both have a connection now, and only one of them publishes.
    expect(pbx.connections).toHaveLength(2);
    pbx.say(ringing('heard by both'));
    await expect.poll(() => lab.story(id), patience).toContain('2.4 call.ringing');
    frozen.restore();
    await expect.poll(() => pbx.connections.length, patience).toBe(1);
    await expect.poll(() => frozen.connector.links().size, patience).toBe(0);
    expect(await lab.story(id)).toEqual([
      '1.1 link.connected',
      '1.2 link.snapshot',
      '2.1 link.disconnected',
      '2.2 link.connected',
      '2.3 link.snapshot',
      '2.4 call.ringing',
    ]);
    expect((await lab.published(id))[2]?.payload).toMatchObject({ cause: 'pbx_disconnected' });
    expect(await frozen.metric('trunkline_link_leases_lost_total')).toBe(1);
  });

  it('that nobody took meanwhile go on, with all that was said in between', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    const only = await lab.replica(shortLeases);
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    only.cutOff();
    await expect.poll(async () => (await lab.link(id)).heldBy, patience).toBeNull();
    pbx.say(ringing('a'), ringing('b'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await lab.story(id)).toHaveLength(2);
    only.restore();
    await expect
      .poll(() => lab.story(id), patience)
      .toEqual(['1.1 link.connected', '1.2 link.snapshot', '1.3 call.ringing', '1.4 call.ringing']);
  });

  it('never have two holders under one epoch, whoever is cut off and comes back', async () => {
    await using lab = await ConnectorLab.open();
    const pbxs = [await lab.addPbx(), await lab.addPbx(), await lab.addPbx(), await lab.addPbx()];
    const replicas = [
      await lab.replica(shortLeases),
      await lab.replica(shortLeases),
      await lab.replica(shortLeases),
    ];
    for (let round = 0; round < 6; round += 1) {
      const victim = replicas[round % replicas.length];
      victim?.cutOff();
      for (let beat = 0; beat < 20; beat += 1) {
        for (const { pbx } of pbxs) pbx.say(ringing(`${round}-${beat}`));
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      victim?.restore();
    }
    await expect.poll(() => pbxs.map(({ pbx }) => pbx.alive), patience).toEqual([1, 1, 1, 1]);
    for (const { id } of pbxs) {
      const places = (await lab.published(id)).map(({ epoch, seq }) => `${epoch}.${seq}`);
      expect(new Set(places).size).toBe(places.length);
      const byEpoch = Map.groupBy(await lab.published(id), ({ epoch }) => epoch);
      for (const words of byEpoch.values())
        expect(words.map(({ seq }) => seq)).toEqual(words.map((_word, index) => index + 1));
    }
  });
});
