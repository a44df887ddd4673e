import type { LinkError } from '@trunkline/pbx';
import type { SimulatorOptions } from '@trunkline/pbx-simulator';
import { describe, expect, it } from 'vitest';
import { LinkLab, until } from './link-lab.ts';

const faultOf = async (connecting: Promise<unknown>): Promise<LinkError['fault']> =>
  await connecting.then(
    () => Promise.reject(new Error('it connected')),
    (error: LinkError) => error.fault,
  );

/** How every adapter's link begins, ends and reports what is wrong. */
export function describeLink(dialect: SimulatorOptions['dialect']): void {
  const open = async (options: Partial<SimulatorOptions> = {}): Promise<LinkLab> => {
    const lab = await LinkLab.open(dialect, options);
    await lab.connect();
    return lab;
  };
  const talking = (lab: LinkLab, from: string, to: string) => {
    const call = lab.simulator.control.place({ kind: 'internal', from, to });
    call.ring();
    call.answer();
    return call;
  };
  /** Connects, and lets something happen while the first list is fetched. */
  const connectWhile = async (lab: LinkLab, act: () => void): Promise<void> => {
    const { control } = lab.simulator;
    control.fault({ kind: 'snapshot', mode: 'slow', ms: 300 });
    const connecting = lab.connect();
    await until(() => (control.counters().snapshots > 0 ? [] : ['no snapshot yet']), 'waiting');
    act();
    await connecting;
  };

  describe(`${dialect}: beginning`, () => {
    it('tells what the PBX is, and takes a snapshot of what goes on', async () => {
      await using lab = await LinkLab.open(dialect);
      const { control } = lab.simulator;
      const held = talking(lab, '1001', '1002');
      talking(lab, '1003', '1004');
      held.hold('1001');
      control.place({ kind: 'inbound', from: '+31611223344', to: '1005' }).ring();
      control.register('1006', false);
      await lab.connect();
      await lab.agrees();
      expect(lab.connection.identity.product).toEqual(expect.any(String));
    });

    it('with a wrong secret: one attempt, and the credentials are to blame', async () => {
      await using lab = await LinkLab.open(dialect, { limits: { badLoginDelayMs: 20 } });
      const credential = { ...lab.simulator.credential, secret: 'wrong' };
      expect(await faultOf(lab.dial({ credential }))).toEqual({ kind: 'credentials' });
      expect(lab.simulator.control.counters().logins).toMatchObject({ attempts: 1, refused: 1 });
    });

    it('while the PBX refuses the right secret: it is one attempt all the same', async () => {
      await using lab = await LinkLab.open(dialect, { limits: { badLoginDelayMs: 20 } });
      lab.simulator.control.fault({ kind: 'refuseCredentials' });
      expect(await faultOf(lab.dial())).toEqual({ kind: 'credentials' });
      expect(lab.simulator.control.counters().logins).toMatchObject({ attempts: 1, accepted: 0 });
      lab.simulator.control.heal();
      await lab.connect();
      await lab.agrees();
    });

    it('while our address is blocked: one attempt at most, and no credential is to blame', async () => {
      await using lab = await LinkLab.open(dialect);
      lab.simulator.control.fault({ kind: 'block', ms: 60_000 });
      const { kind } = await faultOf(lab.dial());
      expect(['blocked', 'forbidden', 'unreachable']).toContain(kind);
      if (dialect === 'yeastar') expect(kind).toBe('blocked');
      expect(lab.simulator.control.counters().logins.attempts).toBeLessThanOrEqual(1);
    });

    it('against a certificate that nobody vouches for, or nobody at all', async () => {
      await using lab = await LinkLab.open(dialect);
      const fingerprint = lab.simulator.certificate?.sha256;
      expect(await faultOf(lab.dial({ trust: { kind: 'public' } }))).toEqual({
        kind: 'certificate',
        fingerprint,
      });
      expect(lab.simulator.control.counters().logins.attempts).toBe(0);
      await lab.simulator.stop();
      expect(await faultOf(lab.dial())).toEqual({ kind: 'unreachable' });
    });

    it('while the PBX is not ready', async () => {
      await using lab = await LinkLab.open(dialect);
      lab.simulator.control.fault({ kind: 'unavailable' });
      // AMI logs in all the same, and can't be asked anything then.
      if (dialect === 'asterisk-ami') await expect(lab.connect()).rejects.toThrow(/./);
      else expect((await faultOf(lab.dial())).kind).toMatch(/^(?:starting|unreachable)$/);
    });

    it('holds back what is said until the snapshot has been taken', async () => {
      await using lab = await LinkLab.open(dialect);
      const call = talking(lab, '1001', '1002');
      await connectWhile(lab, () => call.hold('1002'));
      await lab.agrees();
      const order = lab.events.map(({ type }) => type);
      expect(
        order.slice(0, order.indexOf('link.snapshot')).filter((type) => type.startsWith('call.')),
      ).toEqual([]);
    });

    it('a call that is handed on while the first list is fetched keeps its name', async () => {
      await using lab = await LinkLab.open(dialect);
      const call = talking(lab, '1001', '1002');
      await connectWhile(lab, () => call.transfer({ by: '1002', to: '1003', kind: 'attended' }));
      await lab.agrees();
      expect(lab.heard().calls.find(({ key }) => key === call.key)?.status).toBe('connected');
      call.hangUp('1001');
      await lab.agrees();
    });

    it('leaves nothing open behind', async () => {
      await using lab = await LinkLab.open(dialect);
      const connection = await lab.dial();
      await connection.snapshot(AbortSignal.timeout(5_000));
      await connection[Symbol.asyncDispose]();
      expect((await connection.ended).fault).toEqual({ kind: 'closed' });
      const { control } = lab.simulator;
      const left = () => {
        const { sockets, tokens } = control.counters();
        return sockets.open === 0 && tokens.live === 0 ? [] : [JSON.stringify({ sockets, tokens })];
      };
      await until(left, 'still open');
    });
  });

  describe(`${dialect}: ending`, () => {
    it.each(['close', 'reset'] as const)(
      'by %s: it ends at once, and a new link knows all again',
      async (how) => {
        await using lab = await open();
        const { control } = lab.simulator;
        const call = talking(lab, '1001', '1002');
        const other = talking(lab, '1003', '1004');
        await lab.agrees();
        control.fault({ kind: 'drop', how });
        expect(await lab.lost()).toBe('unreachable');
        other.hangUp();
        talking(lab, '1005', '1006');
        await lab.connect();
        await lab.agrees();
        call.hangUp();
        await lab.agrees();
      },
    );

    it('by silence: a half-open socket is noticed', async () => {
      await using lab = await open();
      lab.simulator.control.fault({ kind: 'halfOpen' });
      expect(await lab.lost()).toBe('silent');
    });

    it('by a restart of the PBX: calls are gone, and the start mark differs where there is one', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const { startMark } = lab.connection.identity;
      talking(lab, '1001', '1002');
      await lab.agrees();
      control.fault({ kind: 'restart', downMs: 1_100 });
      expect(await lab.lost()).toMatch(/^(?:unreachable|shutdown)$/);
      await until(
        () => (control.counters().sockets.open === 0 ? [] : ['open']),
        'the simulator still has sockets',
      );
      for (;;) {
        const up = await lab.connect().then(
          () => true,
          () => false,
        );
        if (up) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await lab.agrees();
      if (startMark !== null) expect(lab.connection.identity.startMark).not.toBe(startMark);
      const again = talking(lab, '1001', '1002');
      await lab.agrees();
      again.hangUp();
      await lab.agrees();
    });

    it('by our own will', async () => {
      await using lab = await open();
      const { ended } = lab.connection;
      await lab.connection[Symbol.asyncDispose]();
      expect((await ended).fault).toEqual({ kind: 'closed' });
    });
  });

  describe(`${dialect}: a snapshot`, () => {
    it.each(['failing', 'partial'] as const)('that is %s is an error and never looks empty', async (mode) => {
      await using lab = await open();
      talking(lab, '1001', '1002');
      await lab.agrees();
      const { control } = lab.simulator;
      control.fault({ kind: 'snapshot', mode });
      await expect(lab.snapshot()).rejects.toThrow(/./);
      await lab.agrees();
      control.heal();
      await lab.snapshot();
      await lab.agrees();
    });

    it('ends what the PBX ended without a word', async () => {
      await using lab = await open();
      const { control } = lab.simulator;
      const call = talking(lab, '1001', '1002');
      await lab.agrees();
      control.fault({ kind: 'loseHangups', share: 1 });
      call.hangUp();
      await until(() => (control.ledger().calls[0]?.status === 'ended' ? [] : ['open']), 'the call goes on');
      expect(lab.heard().calls[0]?.status).toBe('connected');
      expect(await lab.connection.isAlive(call.key, AbortSignal.timeout(3_000))).toBe('gone');
      await lab.snapshot();
      await lab.agrees();
      expect(lab.heard().calls[0]?.cause).toBe('reconciled');
      control.heal();
      talking(lab, '1001', '1002').hangUp();
      await lab.agrees();
    });
  });

  describe(`${dialect}: questions and commands`, () => {
    it('whether a call is alive: yes, no, and not to be had', async () => {
      await using lab = await open();
      const call = talking(lab, '1001', '1002');
      await lab.agrees();
      const ask = (key: string) => lab.connection.isAlive(key, AbortSignal.timeout(3_000));
      expect(await ask(call.key)).toBe('alive');
      lab.simulator.control.fault({ kind: 'unavailable' });
      expect(await ask(call.key)).toBe('unknown');
      lab.simulator.control.heal();
      call.hangUp();
      await lab.agrees();
      expect(await ask(call.key)).toBe('gone');
    });

    it('makes a call and ends it', async () => {
      await using lab = await open({ limits: { pickUpMs: 10 } });
      const { control } = lab.simulator;
      const wish = { from: '1001', to: '1002', id: 'wish-1' };
      const { call } = await lab.connection.originate(wish, AbortSignal.timeout(5_000));
      await until(
        () =>
          control
            .ledger()
            .calls.map(({ status }) => status)
            .filter((status) => status !== 'connected'),
        'not connected',
      );
      await until(() => (control.ledger().calls.length === 1 ? [] : ['no call']), 'not placed');
      await lab.agrees({ details: 'loose' });
      const key = control.ledger().calls[0]?.key ?? '';
      if (call !== null) expect(call).toBe(key);
      expect(await lab.connection.hangUp(key, AbortSignal.timeout(5_000))).toBe('done');
      await until(() => (control.ledger().calls[0]?.status === 'ended' ? [] : ['open']), 'not hung up');
      await until(
        () =>
          lab
            .heard()
            .calls.map(({ status }) => status)
            .filter((status) => status !== 'ended'),
        'not heard',
      );
      expect(await lab.connection.hangUp(key, AbortSignal.timeout(5_000))).toBe('gone');
    });
  });

  describe(`${dialect}: frames`, () => {
    const traffic = {
      callsPerSecond: 30,
      ringMs: [20, 150],
      talkMs: [20, 300],
      hold: 0.3,
      transfer: 0.2,
    } as const;
    const disturbed = async (lab: LinkLab): Promise<void> => {
      lab.simulator.control.traffic(traffic);
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      await lab.simulator.control.settle();
    };

    it('that come twice change nothing', async () => {
      await using lab = await open({ extensions: 30 });
      lab.simulator.control.fault({ kind: 'frames', duplicate: 0.5 });
      await disturbed(lab);
      await lab.agrees();
    });

    it('that are late or have changed places', async () => {
      await using lab = await open({ extensions: 30 });
      lab.simulator.control.fault({ kind: 'frames', reorder: 0.2, delayMs: 30 });
      await disturbed(lab);
      await lab.snapshot();
      await lab.agrees({ details: 'loose' });
    });

    it('that are lost are made good by the next snapshot', async () => {
      await using lab = await open({ extensions: 30 });
      const { control } = lab.simulator;
      control.fault({ kind: 'frames', lose: 0.3 });
      const call = talking(lab, '1001', '1002');
      await disturbed(lab);
      control.heal();
      expect(control.counters().framesLost).toBeGreaterThan(0);
      // What was sent before it has been heard, too; a list makes good what came before it was asked for.
      const marker = talking(lab, '1003', '1004');
      await until(
        () => (lab.heard().calls.some(({ key }) => key === marker.key) ? [] : ['not heard yet']),
        'waiting for the frames that are on their way',
      );
      marker.hangUp();
      await until(
        () =>
          lab
            .heard()
            .calls.flatMap(({ key, status }) => (key === marker.key && status !== 'ended' ? [status] : [])),
        'waiting for the end of a call',
      );
      await lab.snapshot();
      const ongoing = control.ledger().calls.filter(({ status }) => status !== 'ended');
      expect(ongoing.map(({ key }) => key)).toEqual(expect.not.arrayContaining([call.key]));
      const stillOpen = lab.heard().calls.filter(({ status }) => status !== 'ended');
      expect(stillOpen).toEqual([]);
      const next = talking(lab, '1001', '1002');
      await until(
        () =>
          lab
            .heard()
            .calls.filter(({ key }) => key === next.key)
            .map(({ status }) => status)
            .filter((status) => status !== 'connected'),
        'the next call is not heard right',
      );
    });

    it('that are broken are set aside whole, counted, and harm nothing around them', async () => {
      await using lab = await open({ extensions: 30 });
      const { control } = lab.simulator;
      control.fault({ kind: 'malformed', share: 0.3 });
      await disturbed(lab);
      control.heal();
      await lab.agrees();
      const { framesMalformed } = control.counters();
      const { frames, replies, heartbeats, events, ignored, unknown, unreadable } = lab.connection.tally;
      expect(framesMalformed).toBeGreaterThan(10);
      expect(unreadable + unknown).toBeGreaterThan(0);
      expect(replies + heartbeats + events + ignored + unknown + unreadable).toBe(frames);
      expect(lab.unreadable).toHaveLength(unreadable);
    });

    it('with another clock', async () => {
      await using lab = await LinkLab.open(dialect);
      lab.simulator.control.fault({ kind: 'clockSkew', ms: -3_600_000 });
      const call = talking(lab, '1001', '1002');
      await lab.connect();
      await lab.agrees();
      call.hangUp();
      await lab.agrees();
      const [state] = lab.heard().calls;
      expect(state?.status).toBe('ended');
    });

    it('are read fast enough for a PBX that cuts slow readers', async () => {
      await using lab = await open({ extensions: 100 });
      lab.simulator.control.fault({ kind: 'slowReader', ms: 100 });
      lab.simulator.control.traffic({ ...traffic, callsPerSecond: 150 });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await lab.simulator.control.settle();
      await lab.agrees();
      expect(lab.simulator.control.counters().sockets.closed).toBe(0);
    });
  });
}
