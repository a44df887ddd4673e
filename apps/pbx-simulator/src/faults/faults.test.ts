import { describe, expect, it } from 'vitest';
import { dialects, type Simulator } from '../contract/simulator.ts';
import { AmiClient } from '../testing/ami-client.ts';
import { ari, listen, typesOf } from '../testing/ari-client.ts';
import { openSimulator, until } from '../testing/open-simulator.ts';
import { eventsOf, login, membersOf, rest, subscribe, tokenOf } from '../testing/yeastar-client.ts';
import type { Listener } from '../testing/web-socket.ts';

const yeastar = (options: Partial<Parameters<typeof openSimulator>[0]> = {}): Promise<Simulator> =>
  openSimulator({ dialect: 'yeastar', ...options });

async function subscribed(simulator: Simulator): Promise<Listener> {
  return await subscribe(simulator, await tokenOf(simulator));
}

function makeCalls(simulator: Simulator, count: number): string[] {
  return Array.from({ length: count }, () => {
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    call.hangUp();
    return call.key;
  });
}

function canPlace({ control }: Simulator): boolean {
  try {
    control.place({ kind: 'internal', from: '1003', to: '1004' });
    return true;
  } catch {
    return false;
  }
}

describe('[FAULT1] connections', () => {
  it.each(['close', 'reset'] as const)('drop by %s: gone at once, and a new one is welcome', async (how) => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({ kind: 'drop', how });
    expect(await listener.gone()).toBe(1006);
    using again = await subscribed(simulator);
    expect(again.closed).toBeNull();
  });

  it('half open: silent both ways and open, until healed; new ones work unless they hang too', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    using listener = await listen(simulator).opened();
    simulator.control.fault({ kind: 'halfOpen' });
    listener.socket.ping();
    makeCalls(simulator, 1);
    using fresh = await listen(simulator, 'fresh').opened();
    makeCalls(simulator, 1);
    await until(() => typesOf(fresh).includes('ChannelDestroyed'), 'events on the new socket');
    expect([listener.pongs, listener.frames.length, listener.closed]).toEqual([0, 0, null]);

    simulator.control.fault({ kind: 'halfOpen', acceptNone: true });
    using hanging = listen(simulator, 'hanging');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([hanging.socket.readyState, hanging.closed]).toEqual([hanging.socket.CONNECTING, null]);
    simulator.control.heal();
    expect(await listener.gone()).toBe(1006);
    await hanging.gone();
    using healed = await listen(simulator, 'healed').opened();
    expect(healed.closed).toBeNull();
  });

  it('slow reader: who does not take what is written is cut', async () => {
    await using simulator = await openSimulator({
      dialect: 'asterisk-ami',
      tls: false,
      limits: { writeMs: 0 },
    });
    simulator.control.fault({ kind: 'slowReader', ms: 50 });
    using client = new AmiClient(simulator);
    await client.login(simulator);
    client.pause();
    const { control } = simulator;
    for (let round = 0; round < 400 && control.counters().sockets.closed === 0; round += 1) {
      makeCalls(simulator, 50);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(control.counters().sockets).toEqual({ open: 0, opened: 1, closed: 1 });
  });

  it.each(dialects)(
    'restart (%s): calls are lost, the port is closed and comes back, ids are new',
    async (dialect) => {
      await using simulator = await openSimulator({ dialect });
      const { control, address } = simulator;
      const lost = control.place({ kind: 'internal', from: '1001', to: '1002' });
      lost.ring();
      control.register('1005', false);
      control.fault({ kind: 'restart', downMs: 100 });
      expect(() => control.place({ kind: 'internal', from: '1003', to: '1004' })).toThrow('the PBX is down');
      const { calls, phones } = control.ledger();
      expect(calls).toMatchObject([{ key: lost.key, status: 'ended', cause: 'restarted' }]);
      expect(phones.slice(0, 5).map(({ status }) => status)).toEqual([
        'online',
        'online',
        'online',
        'online',
        'offline',
      ]);
      const place = (): string | null => {
        try {
          return control.place({ kind: 'internal', from: '1001', to: '1002' }).key;
        } catch {
          return null;
        }
      };
      let key: string | null = null;
      await until(() => (key = place()) !== null, 'a PBX that is up');
      expect(key).not.toBe(lost.key);
      expect(simulator.address).toBe(address);
    },
  );

  it('announced restart: the calls are hung up and AMI says goodbye', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ami' });
    using client = new AmiClient(simulator);
    await client.login(simulator);
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    simulator.control.fault({ kind: 'restart', downMs: 60_000, announce: true });
    await until(() => client.closed, 'a closed connection');
    expect(client.events('Hangup')).toHaveLength(2);
    expect(client.events('Shutdown')).toMatchObject([{ Shutdown: 'Cleanly', Restart: 'True' }]);
    expect(simulator.control.ledger().calls[0]?.cause).toBe('normal');
    simulator.control.heal();
    await until(() => canPlace(simulator), 'a PBX that is up');
    using again = new AmiClient(simulator);
    expect(await again.login(simulator)).toMatchObject({ Response: 'Success' });
  });

  it('a restarted Asterisk has a new start and forgets its applications', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    const before = (await ari(simulator, 'asterisk/info?only=status')).json;
    using listener = await listen(simulator).opened();
    simulator.control.fault({ kind: 'restart', downMs: 50 });
    expect(await listener.gone()).toBe(1006);
    let after: unknown = null;
    await until(
      () =>
        after !== null ||
        (void ari(simulator, 'asterisk/info?only=status').then(
          ({ json }) => (after = json),
          () => undefined,
        ),
        false),
      'an answer',
    );
    expect(after).not.toEqual(before);
    expect((await ari(simulator, 'applications')).json).toEqual([]);
  });
});

describe('[FAULT2] logins', () => {
  it('block: every source is refused and each attempt counted, until healed', async () => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({ kind: 'block', ms: 60_000 });
    expect(await login(simulator)).toMatchObject({ errcode: 70004 });
    expect(await login(simulator)).toMatchObject({ errcode: 70004 });
    expect(simulator.control.counters().logins).toMatchObject({ attempts: 3, whileBlocked: 2 });
    expect(listener.closed).toBeNull();
    simulator.control.heal();
    expect(await login(simulator)).toMatchObject({ errcode: 0 });
  });

  it('block: Asterisk closes such connections without a word', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    simulator.control.fault({ kind: 'block', ms: 60_000 });
    using listener = listen(simulator);
    await listener.gone();
    expect(listener.refused).toBeNull();
    expect(simulator.control.counters().logins).toMatchObject({ attempts: 1, whileBlocked: 1 });
  });

  it('refused credentials and expired tokens', async () => {
    await using simulator = await yeastar();
    const token = await tokenOf(simulator);
    using listener = await subscribe(simulator, token);
    simulator.control.fault({ kind: 'expireTokens' });
    expect(await rest(simulator, `call/query?access_token=${token}`)).toMatchObject({ errcode: 10004 });
    simulator.control.fault({ kind: 'refuseCredentials' });
    expect(await login(simulator)).toMatchObject({ errcode: 40002 });
    expect(listener.closed).toBeNull();
    simulator.control.heal();
    expect(await login(simulator)).toMatchObject({ errcode: 0 });
  });

  it('another client takes the application', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    using listener = await listen(simulator).opened();
    simulator.control.fault({ kind: 'replaceApplication' });
    makeCalls(simulator, 1);
    await listener.heard(1);
    expect(typesOf(listener)).toEqual(['ApplicationReplaced']);
  });

  it("a client's own events reach it while it holds the application, and not when another one took it", async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    using listener = await listen(simulator).opened();
    const send = async (probe: number): Promise<number> => {
      const path = 'events/user/Probe?application=trunkline';
      return (await ari(simulator, path, 'POST', { variables: { probe } })).status;
    };
    expect(await send(1)).toBe(204);
    await listener.heard(1);
    simulator.control.fault({ kind: 'replaceApplication', quietly: true });
    expect(await send(2)).toBe(204);
    const nobody = await ari(simulator, 'events/user/Probe?application=other', 'POST', {});
    expect(nobody.status).toBe(404);
    // A new socket takes the application over, and from then on hears what is sent to it.
    using other = await listen(simulator).opened();
    expect(await send(3)).toBe(204);
    await other.heard(1);
    expect(listener.objects).toMatchObject([
      { type: 'ChannelUserevent', eventname: 'Probe', userevent: { eventname: 'Probe', probe: 1 } },
    ]);
    expect(other.objects).toMatchObject([{ userevent: { probe: 3 } }]);
  });
});

describe('[FAULT3] frames', () => {
  it('lost and doubled ones are counted', async () => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({ kind: 'frames', lose: 0.5, duplicate: 0.5 });
    makeCalls(simulator, 40);
    const { framesSent, framesLost, framesDuplicated } = simulator.control.counters();
    await listener.heard(framesSent + 1);
    expect(framesLost).toBeGreaterThan(20);
    expect(framesDuplicated).toBeGreaterThan(20);
    expect(new Set(listener.frames).size).toBeLessThan(listener.frames.length);
  });

  it('late ones keep their order, and settling waits for them', async () => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({ kind: 'frames', delayMs: 80 });
    const keys = makeCalls(simulator, 5);
    expect(simulator.control.counters().framesSent).toBe(0);
    await simulator.control.settle();
    const { framesSent } = simulator.control.counters();
    await listener.heard(framesSent + 1);
    const ids = eventsOf(listener).flatMap(({ type, msg }) => (type === 30011 ? [msg['call_id']] : []));
    expect([...new Set(ids)]).toEqual(keys);
  });

  it('some change places, and none is missing', async () => {
    const heard = async (reorder: number): Promise<string[]> => {
      await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
      using listener = await listen(simulator).opened();
      simulator.control.fault({ kind: 'frames', reorder });
      makeCalls(simulator, 5);
      await simulator.control.settle();
      await listener.heard(simulator.control.counters().framesSent);
      return typesOf(listener);
    };
    const [straight, mixed] = [await heard(0), await heard(0.3)];
    expect(mixed).not.toEqual(straight);
    expect(mixed.toSorted()).toEqual(straight.toSorted());
  });

  it('single members: every frame names one', async () => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({ kind: 'singleMember' });
    const [key = ''] = makeCalls(simulator, 1);
    await until(() => [...membersOf(listener, key).values()].join() === 'BYE,BYE', 'the end');
    const frames = eventsOf(listener).filter(({ type }) => type === 30011);
    expect(frames.every(({ msg }) => (msg['members'] as unknown[]).length === 1)).toBe(true);
  });

  it('endings without details, and without BYE', async () => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({ kind: 'endings', withoutDetails: 1 });
    const [plain = ''] = makeCalls(simulator, 1);
    simulator.control.fault({ kind: 'endings', withoutBye: 1 });
    const [silent = ''] = makeCalls(simulator, 1);
    await until(() => eventsOf(listener).some(({ type }) => type === 30012), 'details');
    expect(eventsOf(listener).flatMap(({ type, msg }) => (type === 30012 ? [msg['call_id']] : []))).toEqual([
      silent,
    ]);
    expect([...membersOf(listener, plain).values()]).toEqual(['BYE', 'BYE']);
    expect([...membersOf(listener, silent).values()]).toEqual(['ANSWERED', 'ANSWER']);
  });

  it.each(dialects)('lost hangups (%s): the call is over, and only the lists know', async (dialect) => {
    await using simulator = await openSimulator({ dialect });
    simulator.control.fault({ kind: 'loseHangups', share: 1 });
    const said = async (): Promise<string> => {
      if (dialect === 'yeastar') {
        const token = await tokenOf(simulator);
        using listener = await subscribe(simulator, token);
        makeCalls(simulator, 1);
        expect(await rest(simulator, `call/query?access_token=${token}`)).toMatchObject({ errcode: 60001 });
        return listener.frames.join();
      }
      if (dialect === 'asterisk-ari') {
        using listener = await listen(simulator).opened();
        makeCalls(simulator, 1);
        expect((await ari(simulator, 'channels')).json).toEqual([]);
        return listener.frames.join();
      }
      using client = new AmiClient(simulator);
      await client.login(simulator);
      makeCalls(simulator, 1);
      const rows = await client.list('CoreShowChannels', 'CoreShowChannelsComplete');
      expect(rows).toHaveLength(1);
      return client.chunks.join('');
    };
    const text = await said();
    expect(text).toMatch(/ANSWERED|ChannelEnteredBridge|BridgeEnter/);
    expect(text).not.toMatch(/BYE|30012|ChannelDestroyed|ChannelLeftBridge|Hangup|BridgeLeave|Event: Cdr/);
    expect(simulator.control.ledger().calls[0]).toMatchObject({
      status: 'ended',
      cause: 'normal',
      lostHangup: true,
    });
  });

  it.each(dialects)('broken ones (%s) come besides the good ones, as many as asked for', async (dialect) => {
    await using simulator = await openSimulator({ dialect });
    simulator.control.fault({ kind: 'malformed', count: 3 });
    if (dialect === 'asterisk-ami') {
      using client = new AmiClient(simulator);
      await client.login(simulator);
      makeCalls(simulator, 1);
      await client.heard('Hangup', 2);
      expect(client.events('DialEnd')).toHaveLength(1);
    } else {
      using listener = dialect === 'yeastar' ? await subscribed(simulator) : await listen(simulator).opened();
      makeCalls(simulator, 1);
      const { framesSent } = simulator.control.counters();
      await listener.heard(framesSent + 3);
      const good = listener.frames.filter((frame) => /"(?:msg":"|timestamp":")/.test(frame));
      expect(good.length).toBeGreaterThanOrEqual(framesSent);
    }
    expect(simulator.control.counters().framesMalformed).toBe(3);
  });
});

describe('[FAULT4] answers', () => {
  it('snapshots of Yeastar fail, are partial, are slow', async () => {
    await using simulator = await yeastar();
    const token = await tokenOf(simulator);
    simulator.control.place({ kind: 'internal', from: '1001', to: '1002' }).ring();
    const extensions = `extension/list?page=1&page_size=100&access_token=${token}`;
    const calls = `call/query?type=internal&access_token=${token}`;
    simulator.control.fault({ kind: 'snapshot', mode: 'failing' });
    expect(await rest(simulator, extensions)).toMatchObject({ errcode: -1 });
    expect(await rest(simulator, calls)).toMatchObject({ errcode: -1 });
    simulator.control.fault({ kind: 'snapshot', mode: 'partial' });
    const { total_number: total, data } = await rest(simulator, extensions);
    expect([total, (data as unknown[]).length]).toEqual([20, 10]);
    await expect(rest(simulator, calls)).rejects.toThrow(/aborted|broke off|hang up/);
    simulator.control.fault({ kind: 'snapshot', mode: 'slow', ms: 120 });
    const since = performance.now();
    expect(await rest(simulator, calls)).toMatchObject({ errcode: 0 });
    expect(performance.now() - since).toBeGreaterThan(100);
  });

  it('snapshots of Asterisk fail and are partial', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    simulator.control.fault({ kind: 'snapshot', mode: 'failing' });
    expect((await ari(simulator, 'channels')).status).toBe(500);
    simulator.control.fault({ kind: 'snapshot', mode: 'partial' });
    await expect(ari(simulator, 'endpoints')).rejects.toThrow(/aborted|broke off|hang up/);

    await using manager = await openSimulator({ dialect: 'asterisk-ami' });
    using client = new AmiClient(manager);
    await client.login(manager);
    manager.control.fault({ kind: 'snapshot', mode: 'failing' });
    expect(await client.act('CoreShowChannels')).toMatchObject({ Response: 'Error' });
    manager.control.fault({ kind: 'snapshot', mode: 'partial' });
    const { ActionID: id } = await client.act('DeviceStateList');
    await client.act('Ping');
    const rows = client.messages.filter(
      (one) => one['ActionID'] === id && one['Event'] === 'DeviceStateChange',
    );
    const complete = client.events('DeviceStateListComplete')[0];
    expect(rows).toHaveLength(10);
    expect(complete?.['ListItems'] ?? 'never').not.toBe('10');
  });

  it('unavailable: 503, -2, an error', async () => {
    await using simulator = await yeastar();
    simulator.control.fault({ kind: 'unavailable' });
    expect(await login(simulator)).toMatchObject({ errcode: -2 });
    await using asterisk = await openSimulator({ dialect: 'asterisk-ari' });
    asterisk.control.fault({ kind: 'unavailable' });
    expect((await ari(asterisk, 'channels')).status).toBe(503);
    await using manager = await openSimulator({ dialect: 'asterisk-ami' });
    manager.control.fault({ kind: 'unavailable' });
    using client = new AmiClient(manager);
    await client.login(manager);
    expect(await client.act('CoreShowChannels')).toMatchObject({ Response: 'Error' });
  });

  it('a wrong clock shows in dates, times and ids, and not in the ledger', async () => {
    await using simulator = await openSimulator({ dialect: 'asterisk-ari' });
    simulator.control.fault({ kind: 'clockSkew', ms: 3_600_000 });
    const { headers, json } = await ari(simulator, 'asterisk/ping');
    const ahead = (time: string): number => Date.parse(time) - Date.now();
    expect(ahead(String(headers['date']))).toBeGreaterThan(3_590_000);
    expect(ahead((json as { timestamp: string }).timestamp)).toBeGreaterThan(3_590_000);
    const { key } = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    expect(Number(/-(\d+)\./.exec(key)?.[1]) * 1000 - Date.now()).toBeGreaterThan(3_590_000);
    expect(Math.abs((simulator.control.ledger().calls[0]?.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});

describe('[FAULT5] schedules', () => {
  it('make faults happen one after the other, and heal', async () => {
    await using simulator = await yeastar();
    using listener = await subscribed(simulator);
    simulator.control.fault({
      kind: 'schedule',
      steps: [
        { afterMs: 20, fault: { kind: 'refuseCredentials' } },
        { afterMs: 40, fault: { kind: 'drop', how: 'close' } },
        { afterMs: 150, fault: 'heal' },
      ],
    });
    await listener.gone();
    expect(await login(simulator)).toMatchObject({ errcode: 40002 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await login(simulator)).toMatchObject({ errcode: 0 });
  });
});
