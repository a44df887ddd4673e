import * as fc from 'fast-check';
import { EventError, pbxId } from '@trunkline/domain';
import type { PublishedEvent } from '@trunkline/event-stream';
import { describe, expect, it } from 'vitest';
import { HeldLease } from '../lease/held-lease.ts';
import { LinkVoice } from './link-voice.ts';

const pbx = pbxId('00000000-0000-4000-8000-000000000001');
const ttlMs = 1_000;

function voiceAt(start: number, heldMax = 5) {
  const clock = { now: start };
  const lease = new HeldLease({ pbx, owner: 'a', epoch: 3 }, start, ttlMs);
  const written: PublishedEvent<unknown>[] = [];
  let overruns = 0;
  const voice = new LinkVoice({
    lease,
    now: () => clock.now,
    heldMax,
    onOverrun: () => void (overruns += 1),
    onSaid: () => undefined,
    publisher: {
      publish: (event) => {
        written.push(event);
        return Promise.resolve({ written: true, entryId: '1-1' });
      },
    },
  });
  const say = (call: string) => voice.say('call.ringing', { call, at: 1 });
  return { clock, lease, voice, written, say, overruns: () => overruns };
}

const seqs = (events: readonly PublishedEvent<unknown>[]) => events.map(({ seq }) => seq);

describe('the voice of a link', () => {
  it('counts what it says from 1 and knows where it stands', async () => {
    const { voice, written, say } = voiceAt(0);
    expect(voice.place).toEqual({ epoch: 3, seq: 0 });
    await say('a');
    await say('b');
    expect(voice.place).toEqual({ epoch: 3, seq: 2 });
    expect(written[1]).toMatchObject({ source: pbx, epoch: 3, seq: 2, type: 'call.ringing' });
  });

  it('gives no number to what the door refuses', () => {
    const { voice, say } = voiceAt(0);
    expect(() => say('')).toThrow(EventError);
    expect(() => voice.say('link.nonsense', {})).toThrow(EventError);
    expect(voice.place.seq).toBe(0);
  });

  it('waits while the lease is in doubt, and goes on in order when it is proven', async () => {
    const { clock, lease, voice, written, say } = voiceAt(0);
    void say('a');
    clock.now = 900;
    const waiting = [say('b'), say('c')];
    expect(seqs(written)).toEqual([1]);
    voice.confirmed();
    expect(seqs(written)).toEqual([1]);
    lease.confirm(850, ttlMs);
    void say('d');
    expect(seqs(written)).toEqual([1]);
    voice.confirmed();
    expect(seqs(written)).toEqual([1, 2, 3, 4]);
    expect(await Promise.all(waiting)).toMatchObject([{ written: true }, { written: true }]);
  });

  it('drops what waits when the lease is lost, and is silent from then on', async () => {
    const { clock, lease, voice, written, say } = voiceAt(0);
    clock.now = 2_000;
    const waiting = say('a');
    lease.lose();
    voice.silence();
    expect(await waiting).toMatchObject({ written: false });
    expect(await say('b')).toMatchObject({ written: false });
    lease.confirm(2_000, ttlMs);
    voice.confirmed();
    expect(written).toEqual([]);
  });

  it('says once that too much waits, and keeps what it tells of the link itself', async () => {
    const { clock, lease, voice, written, say, overruns } = voiceAt(0, 2);
    clock.now = 2_000;
    for (const call of ['a', 'b', 'c', 'd']) void say(call);
    expect(overruns()).toBe(1);
    void voice.say('link.disconnected', { at: 1 });
    lease.confirm(2_000, ttlMs);
    voice.confirmed();
    // The hole tells whoever counts that something is missing.
    expect(seqs(written)).toEqual([1, 2, 5]);
  });

  it('never publishes out of order, nor outside of a lease that is believed', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('say' as const) }),
      fc.record({ type: fc.constant('pass' as const), ms: fc.nat(700) }),
      fc.record({ type: fc.constant('renew' as const), agoMs: fc.nat(500) }),
      fc.record({ type: fc.constant('lose' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { clock, lease, voice, written, say } = voiceAt(0, 8);
        for (const each of steps) {
          const before = written.length;
          const believed = lease.isValidAt(clock.now);
          if (each.type === 'say') void say('x');
          if (each.type === 'pass') clock.now += each.ms;
          if (each.type === 'lose') lease.lose();
          if (each.type === 'renew' && !lease.isLost) lease.confirm(clock.now - each.agoMs, ttlMs);
          if (each.type === 'renew') voice.confirmed();
          if (each.type !== 'renew') expect(written.length === before || believed).toBe(true);
          expect(written.length === before || lease.isValidAt(clock.now)).toBe(true);
        }
        const order = seqs(written);
        expect(order).toEqual(order.toSorted((one, other) => one - other));
        expect(new Set(order).size).toBe(order.length);
      }),
    );
  });
});
