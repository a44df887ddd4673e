import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortLimits } from '../testing/short-limits.ts';
import { idleLink, type Link, type LinkEffect, type LinkInput } from './link.ts';
import { isAttempting, stepLink, type LinkRules } from './step-link.ts';

const rules: LinkRules = { vendor: 'yeastar', limits: shortLimits, leaseCheckMs: 1_000 };

/** Plays inputs from the beginning and returns the link with all effects. */
function play(inputs: readonly LinkInput[], from: Link = idleLink): { link: Link; effects: LinkEffect[] } {
  const effects: LinkEffect[] = [];
  let link = from;
  for (const input of inputs) {
    const step = stepLink(rules, link, input);
    effects.push(...step.effects);
    ({ link } = step);
  }
  return { link, effects };
}

const taken = { type: 'taken', open: false, fresh: false, wanted: true, failures: 0 } as const;
const connected = (attempt = 1, now = 100) =>
  ({ type: 'connected', attempt, restarted: false, now }) as const;
const broken = { now: 1_000, wallNow: 5_000, random: 0.5, message: 'the PBX closed the connection' };
const ended = (attempt = 1) =>
  ({ type: 'ended', attempt, fault: { kind: 'unreachable' }, ...broken }) as const;
const refused = (attempt: number, credentialFailures: number) =>
  ({
    type: 'failed',
    attempt,
    fault: { kind: 'credentials' },
    credentialFailures,
    ...broken,
    message: 'The PBX refused the login.',
  }) as const;
const names = (effects: readonly LinkEffect[]) => effects.map(({ type }) => type);

describe('the life of a link', () => {
  it('goes from the lease to live, and after a loss to the next attempt', () => {
    const { link, effects } = play([
      taken,
      { type: 'phase', attempt: 1, phase: 'connecting' },
      { type: 'phase', attempt: 1, phase: 'subscribing' },
      connected(),
      { type: 'snapshotPublished', attempt: 1 },
    ]);
    expect(link).toMatchObject({ phase: { name: 'live', since: 100 }, open: true, alarm: null });
    expect(names(effects)).toEqual(['connect', 'sayConnected', 'follow']);

    const lost = play([ended()], link);
    expect(lost.link.phase.name).toBe('lost');
    expect(lost.effects).toEqual([
      { type: 'sayDisconnected', reason: broken.message, cause: 'pbx_disconnected' },
      { type: 'windUp', attempt: 1 },
    ]);
    const again = play([{ type: 'wound', attempt: 1, now: 1_001 }], lost.link);
    expect(again.link.phase).toEqual({ name: 'waiting', until: 1_050, leaseCheck: 'none' });
    expect(again.effects).toEqual([{ type: 'wakeAt', at: 1_050 }]);
    expect(play([{ type: 'due', now: 1_050 }], again.link).effects).toEqual([
      { type: 'connect', attempt: 2 },
    ]);
  });

  it('says for a dead holder what it could not say any more, and only then connects', () => {
    const { effects } = play([{ ...taken, open: true }]);
    expect(effects).toEqual([
      {
        type: 'sayDisconnected',
        reason: 'the connector that held the link is gone',
        cause: 'pbx_disconnected',
      },
      { type: 'connect', attempt: 1 },
    ]);
  });

  it('says nothing when a link is handed over, unless the successor can not connect', () => {
    const handedOver = play([{ ...taken, open: true, fresh: true }, connected()]);
    expect(names(handedOver.effects)).toEqual(['connect', 'sayConnected', 'follow']);
    const failing = play([{ ...taken, open: true, fresh: true }, refused(1, 1)]);
    expect(names(failing.effects)).toEqual(['connect', 'sayDisconnected', 'wakeAt']);
    const restarted = play([
      { ...taken, open: true, fresh: true },
      { ...connected(), restarted: true },
    ]);
    expect(restarted.effects[1]).toMatchObject({ type: 'sayDisconnected', cause: 'pbx_restarted' });
    const released = play([{ type: 'release', handOver: true }], handedOver.link);
    expect(names(released.effects)).toEqual(['windUp']);
    expect(names(play([{ type: 'wound', attempt: 1, now: 1 }], released.link).effects)).toEqual(['release']);
  });

  it('is closed with a word when nobody takes it over, or nobody wants it', () => {
    for (const input of [{ type: 'release', handOver: false }, { type: 'unwanted' }] as const) {
      const { effects } = play([taken, connected(), input, { type: 'wound', attempt: 1, now: 1 }]);
      expect(names(effects)).toEqual([
        'connect',
        'sayConnected',
        'follow',
        'sayDisconnected',
        'windUp',
        'release',
      ]);
    }
    expect(names(play([{ ...taken, open: true, wanted: false }]).effects)).toEqual([
      'sayDisconnected',
      'release',
    ]);
  });

  it('falls silent when the lease is lost', () => {
    const { link, effects } = play([
      taken,
      connected(),
      { type: 'leaseLost' },
      ended(),
      { type: 'wound', attempt: 1, now: 1 },
      { type: 'retry', now: 1 },
    ]);
    expect(names(effects)).toEqual(['connect', 'sayConnected', 'follow', 'windUp', 'forget']);
    expect(link.phase).toEqual({ name: 'idle', over: true });
  });

  it('stops at the third refused login and goes on when somebody does something about it', () => {
    const { link } = play([
      taken,
      refused(1, 1),
      { type: 'due', now: 2_000 },
      refused(2, 2),
      { type: 'due', now: 3_000 },
      refused(3, 3),
      { type: 'due', now: 99_000 },
    ]);
    expect(link.phase).toEqual({ name: 'refused' });
    expect(link.alarm).toContain('Nobody logs in any more');
    for (const type of ['retry', 'configured'] as const)
      expect(play([{ type, now: 1 }], link).effects).toEqual([{ type: 'connect', attempt: 4 }]);
  });

  it('waits for the end of a block, or tries to when an operator asks: whether it was lifted is asked then', () => {
    const blocked = { ...refused(1, 0), fault: { kind: 'blocked', until: null } } as const;
    const { link, effects } = play([taken, blocked, { type: 'due', now: 2_000 }]);
    expect(link.phase).toEqual({ name: 'blocked', until: 1_000 + 6_600 + 150 });
    expect(names(effects)).toEqual(['connect', 'block', 'wakeAt', 'wakeAt']);
    expect(names(play([{ type: 'due', now: 7_750 }], link).effects)).toEqual(['connect']);
    expect(names(play([{ type: 'retry', now: 1_001 }], link).effects)).toEqual(['connect']);
  });

  it('asks for a fresh lease after somebody took its place', () => {
    const replaced = { ...ended(), fault: { kind: 'replaced' } } as const;
    const wound = { type: 'wound', attempt: 1, now: 1_001 } as const;
    const { link, effects } = play([taken, connected(), replaced, wound, { type: 'due', now: 5_000 }]);
    expect(link.phase).toEqual({ name: 'waiting', until: 6_000, leaseCheck: 'asked' });
    expect(names(effects.slice(-2))).toEqual(['checkLease', 'wakeAt']);
    expect(names(play([{ type: 'leaseConfirmed', now: 5_010 }], link).effects)).toEqual(['connect']);
    expect(names(play([{ type: 'due', now: 6_000 }], link).effects)).toEqual(['checkLease', 'wakeAt']);
  });

  it('counts failures anew only after a link that lasted', () => {
    const soon = play([{ ...taken, failures: 7 }, connected(1, 900), ended()]);
    expect(soon.link.failures).toBe(8);
    const late = play([{ ...taken, failures: 7 }, connected(1, 100), ended()]);
    expect(late.link.failures).toBe(1);
  });

  it('keeps an alarm while no snapshot can be taken', () => {
    const { link } = play([
      taken,
      connected(),
      { type: 'snapshotFailed', attempt: 1, message: 'page 2 is missing' },
    ]);
    expect(link).toMatchObject({
      phase: { name: 'synchronising' },
      alarm: 'no snapshot could be taken: page 2 is missing',
    });
    expect(play([{ type: 'snapshotPublished', attempt: 1 }], link).link.alarm).toBeNull();
  });
});

const attempt = fc.integer({ min: 1, max: 6 });
const now = fc.integer({ min: 0, max: 60_000 });
const failure = {
  attempt,
  message: fc.constant('a failure'),
  now,
  wallNow: now,
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
};
const fault = fc.oneof(
  fc.constantFrom(
    ...(
      ['unreachable', 'silent', 'credentials', 'forbidden', 'starting', 'replaced', 'shutdown'] as const
    ).map((kind) => ({ kind })),
    ...(['protocol', 'overrun', 'closed'] as const).map((kind) => ({ kind })),
  ),
  fc.record({
    kind: fc.constantFrom('blocked' as const, 'crowded' as const),
    until: fc.option(fc.integer({ min: 0, max: 100_000 })),
  }),
  fc.constant({ kind: 'certificate' as const, fingerprint: null }),
);
const type = <Name extends string>(name: Name) => fc.constant(name);
const anyInput: fc.Arbitrary<LinkInput> = fc.oneof(
  fc.record({
    type: type('taken'),
    open: fc.boolean(),
    fresh: fc.boolean(),
    wanted: fc.boolean(),
    failures: fc.nat(20),
  }),
  fc.record({
    type: type('phase'),
    attempt,
    phase: fc.constantFrom('authenticating' as const, 'connecting' as const, 'subscribing' as const),
  }),
  fc.record({ type: type('heldBack'), attempt, forMs: fc.nat(10_000), now }),
  fc.record({ type: type('connected'), attempt, restarted: fc.boolean(), now }),
  fc.record({ type: type('failed'), ...failure, fault, credentialFailures: fc.nat(5) }),
  fc.record({ type: type('ended'), ...failure, fault }),
  fc.record({ type: type('wound'), attempt, now }),
  fc.record({ type: type('snapshotPublished'), attempt }),
  fc.record({ type: type('snapshotFailed'), attempt, message: fc.constant('no') }),
  fc.record({ type: type('due'), now }),
  fc.record({ type: type('leaseConfirmed'), now }),
  fc.record({ type: fc.constantFrom('retry' as const, 'configured' as const), now }),
  fc.constantFrom(
    { type: 'unwanted' as const },
    { type: 'release' as const, handOver: true },
    { type: 'release' as const, handOver: false },
    { type: 'leaseLost' as const },
  ),
);
/** Most histories begin with a lease, or they would be over before they began. */
const history = fc.array(anyInput, { maxLength: 40 }).map((inputs): LinkInput[] => [taken, ...inputs]);

/** Calls `look` at each step of any history. */
function always(
  look: (before: Link, input: LinkInput, after: Link, effects: readonly LinkEffect[]) => void,
): void {
  fc.assert(
    fc.property(history, (inputs) => {
      let link = idleLink;
      for (const input of inputs) {
        const step = stepLink(rules, link, input);
        look(link, input, step.link, step.effects);
        ({ link } = step);
      }
    }),
    { numRuns: 2_000 },
  );
}

describe('on every path', () => {
  it('an attempt begins only when nothing is left of the one before', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        let link = idleLink;
        // What really exists: an attempt that was begun and has neither failed by itself nor been wound up.
        let alive: number | null = null;
        for (const input of inputs) {
          const step = stepLink(rules, link, input);
          const ends = input.type === 'failed' || input.type === 'heldBack' || input.type === 'wound';
          // An attempt that never was can't report anything, and the end of a connection leaves it to be wound up.
          if (ends && input.attempt !== alive) continue;
          if (input.type === 'wound' && link.phase.name !== 'lost') continue;
          if ((input.type === 'failed' || input.type === 'heldBack') && !isAttempting(link)) continue;
          if (ends) alive = null;
          for (const effect of step.effects) {
            if (effect.type !== 'connect') continue;
            expect(alive).toBeNull();
            alive = effect.attempt;
          }
          ({ link } = step);
          const holds = isAttempting(link) || ['synchronising', 'live', 'lost'].includes(link.phase.name);
          expect(alive !== null).toBe(holds);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('whoever waits has asked to be woken, and is woken to something', () => {
    let wanted: number | null = null;
    always((before, _input, after, effects) => {
      if (before === idleLink) wanted = null;
      for (const effect of effects) if (effect.type === 'wakeAt') wanted = effect.at;
      if (after.phase.name !== 'waiting' && after.phase.name !== 'blocked') return;
      expect(wanted).toBe(after.phase.until);
      const woken = stepLink(rules, after, { type: 'due', now: after.phase.until });
      expect(woken.effects.length).toBeGreaterThan(0);
    });
  });

  it('nobody begins an attempt before a block ends, unless a person asks for one', () => {
    always((before, input, _after, effects) => {
      if (before.phase.name !== 'blocked' || !effects.some(({ type }) => type === 'connect')) return;
      if (input.type === 'retry' || input.type === 'configured') return;
      expect(input.type).toBe('due');
      expect(input.type === 'due' && input.now).toBeGreaterThanOrEqual(before.phase.until);
    });
  });

  it('refused is left by a person or the end of the lease only', () => {
    always((before, input, after) => {
      if (before.phase.name !== 'refused' || after.phase.name === 'refused') return;
      expect(['retry', 'configured', 'unwanted', 'release', 'leaseLost']).toContain(input.type);
    });
  });

  it('connects and disconnects are said in turn', () => {
    always((before, input, after, effects) => {
      let open = input.type === 'taken' && before === idleLink ? input.open : before.open;
      // A lease that was lost takes the right to say anything with it; a hand-over passes it on.
      for (const effect of effects) {
        if (effect.type === 'sayDisconnected') expect(open).toBe(true);
        if (effect.type === 'sayDisconnected') open = false;
        if (effect.type === 'sayConnected') open = true;
        if (effect.type === 'release' && !effect.handOver) expect(open).toBe(false);
      }
      if (input.type !== 'leaseLost') expect(after.open).toBe(open);
    });
  });

  it('nothing is done when it is over', () => {
    always((before, _input, after, effects) => {
      if (before.phase.name !== 'idle' || !before.phase.over) return;
      expect({ after, effects }).toEqual({ after: before, effects: [] });
    });
  });

  it('a link that is not live is on its way: something will happen to it', () => {
    always((_before, _input, after, effects) => {
      const { name } = after.phase;
      if (name === 'lost' && _before.phase.name !== 'lost') expect(names(effects)).toContain('windUp');
      if (isAttempting(after) && !isAttempting(_before)) expect(names(effects)).toContain('connect');
    });
  });
});
