import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backAtOnceMs, retryAfterMaxMs } from './attempts.ts';
import { chat, crm, softphone } from './presets.ts';
import { retryDelay } from './retry-delay.ts';
import { readSettings, type ConnectionConfig } from './settings.ts';
import {
  initialState,
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
  type TimerName,
} from './state.ts';
import { createStep } from './step.ts';

type Body = ConnectionEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'at' | 'chance'>
    : never
  : never;

const timerNames: TimerName[] = ['attempt', 'retry', 'heartbeat', 'pong', 'stable', 'move', 'nextAttempt'];

/** Any event, about attempts and pings that exist, existed, or never did. */
const anyBody: fc.Arbitrary<(state: ConnectionState) => Body> = fc
  .record({
    kind: fc.constantFrom(
      ...([
        'connect',
        'disconnect',
        'force',
        'tokenChanged',
        'token',
        'noToken',
        'tokenFailed',
        'hello',
      ] as const),
      ...([
        'connected',
        'closed',
        'pong',
        'moving',
        'timer',
        'due',
        'woke',
        'visible',
        'online',
        'offline',
      ] as const),
    ),
    back: fc.constantFrom(0, 0, 0, 0, 1, 2, -1),
    code: fc.constantFrom(1000, 1001, 1006, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4429, 0),
    retryAfterMs: fc.constantFrom(0, 0, 5_000, 1e12),
    spreadMs: fc.constantFrom(0, 4_000),
    timer: fc.constantFrom(...timerNames),
    heardAgo: fc.constantFrom(0, 1_000, 60_000),
  })
  .map(({ kind, back, code, retryAfterMs, spreadMs, timer, heardAgo }) => (state) => {
    const attempt = state.lastAttempt - back;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others are events by themselves
    switch (kind) {
      case 'token':
        return { type: 'token', attempt, token: 'a.b.c' };
      case 'noToken':
        return { type: 'token', attempt, token: null };
      case 'tokenFailed':
        return { type: 'tokenFailed', attempt, error: 'no' };
      case 'hello':
        return { type: 'hello', attempt, heartbeatMs: 20_000, spreadMs };
      case 'connected':
        return { type: 'connected', attempt };
      case 'closed':
        return { type: 'closed', attempt, code, error: 'gone', retryAfterMs };
      case 'pong':
        return { type: 'pong', attempt, id: state.lastPing - back };
      case 'moving':
        return { type: 'moving', attempt, afterMs: 1_000 };
      case 'timer':
        return { type: 'timer', timer, heardAt: -heardAgo };
      case 'due': {
        const [next] = Object.entries(state.timers).sort(([, a], [, b]) => a - b);
        return { type: 'timer', timer: (next?.[0] ?? 'retry') as TimerName, heardAt: -heardAgo };
      }
      default:
        return { type: kind };
    }
  });

const run = fc.array(
  fc.record({ body: anyBody, wait: fc.nat(40_000), chance: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  {
    maxLength: 60,
  },
);

const settingsOf = fc.constantFrom(
  readSettings({}),
  readSettings({ preset: softphone }),
  readSettings({ preset: chat }),
  readSettings({ preset: crm }),
);

interface Step {
  readonly before: ConnectionState;
  readonly event: ConnectionEvent;
  readonly after: ConnectionState;
  readonly effects: readonly Effect[];
}

function walk(
  settings: ReturnType<typeof readSettings>,
  turns: readonly { body: (state: ConnectionState) => Body; wait: number; chance: number }[],
): Step[] {
  const step = createStep(settings);
  const steps: Step[] = [];
  let state = initialState;
  let at = 0;
  for (const { body, wait, chance } of turns) {
    const said = body(state);
    // A timer rings when it is due, or later; anything else comes at any time before.
    const due = said.type === 'timer' ? (state.timers[said.timer] ?? at) : at + wait;
    at = Math.max(at, due);
    const heard = said.type === 'timer' ? { heardAt: at + said.heardAt } : {};
    const event = { ...said, ...heard, at, chance } as ConnectionEvent;
    const before = state;
    const [after, effects] = step(before, event);
    steps.push({ before, event, after, effects });
    state = after;
  }
  return steps;
}

function check(holds: (steps: Step[], settings: ReturnType<typeof readSettings>) => void): void {
  fc.assert(
    fc.property(settingsOf, run, (settings, turns) => holds(walk(settings, turns), settings)),
    { numRuns: 400 },
  );
}

describe('the connection, whatever happens in whatever order', () => {
  it('has one socket at most, and its successor beside it only while it is moved', () => {
    check((steps) => {
      const open = new Set<number>();
      for (const { effects, after } of steps) {
        for (const effect of effects) {
          if (effect.type === 'openSocket') open.add(effect.attempt);
          if (effect.type === 'closeSocket') open.delete(effect.attempt);
        }
        const { phase } = after;
        // Sockets that closed by themselves are gone; the state names the ones it counts on.
        const named = new Set<number>();
        if ('attempt' in phase) named.add(phase.attempt);
        if (phase.name === 'open' && phase.successor) named.add(phase.successor.attempt);
        for (const attempt of open) if (!named.has(attempt)) open.delete(attempt);
        expect(open.size).toBeLessThanOrEqual(phase.name === 'open' && phase.successor ? 2 : 1);
      }
    });
  });

  it('closes each socket that it lets go of, unless that is closed already', () => {
    check((steps) => {
      const open = new Set<number>();
      for (const { event, effects, after } of steps) {
        if (event.type === 'closed') open.delete(event.attempt);
        for (const effect of effects) {
          if (effect.type === 'openSocket') open.add(effect.attempt);
          if (effect.type === 'closeSocket') open.delete(effect.attempt);
        }
        const { phase } = after;
        const successor = phase.name === 'open' ? (phase.successor?.attempt ?? 0) : 0;
        const kept = 'attempt' in phase ? [phase.attempt, successor] : [];
        expect([...open].filter((attempt) => !kept.includes(attempt))).toEqual([]);
      }
    });
  });

  it('never waits without a deadline', () => {
    check((steps) => {
      for (const { after, event } of steps) {
        const { phase, timers } = after;
        const dues = Object.values(timers);
        expect(dues.every((due) => Number.isFinite(due) && due >= 0)).toBe(true);
        if (phase.name === 'resting') expect(timers).toEqual({});
        if (phase.name === 'authorizing' || phase.name === 'connecting') expect(timers.attempt).toBeDefined();
        if (phase.name === 'waiting')
          expect(timers.retry).toBeLessThanOrEqual(event.at + retryAfterMaxMs + 35_000);
        if (phase.name === 'open')
          expect(phase.asked === null ? timers.heartbeat : timers.pong).toBeDefined();
        if (phase.name === 'open' && phase.successor) {
          expect(phase.successor.stage === 'planned' ? timers.move : timers.nextAttempt).toBeDefined();
        }
      }
    });
  });

  it('does not care what comes of attempts that are not the present one', () => {
    check((steps) => {
      for (const { before, event, after, effects } of steps) {
        if (!('attempt' in event)) continue;
        const { phase } = before;
        const present = 'attempt' in phase && phase.attempt === event.attempt;
        const coming = phase.name === 'open' && phase.successor?.attempt === event.attempt;
        if (present || coming) continue;
        expect(after).toEqual(before);
        expect(effects).toEqual([]);
      }
    });
  });

  it('numbers attempts upwards, each once', () => {
    check((steps) => {
      let last = 0;
      for (const { effects } of steps) {
        for (const effect of effects) {
          if (effect.type !== 'getToken') continue;
          expect(effect.attempt).toBe(last + 1);
          last = effect.attempt;
        }
      }
    });
  });

  it('rests after a disconnect until somebody connects', () => {
    check((steps) => {
      let final = false;
      for (const { event, after, effects } of steps) {
        if (event.type === 'connect' || event.type === 'force') final = false;
        if (event.type === 'disconnect') final = true;
        if (!final) continue;
        expect(after.phase).toEqual({ name: 'resting', why: 'disconnected' });
        expect(effects.some(({ type }) => type === 'getToken' || type === 'openSocket')).toBe(false);
      }
    });
  });

  it('gives up after as many attempts as it may make, and never without a limit', () => {
    check((steps, { maxReconnectAttempts }) => {
      for (const { after } of steps) {
        if (after.phase.name === 'waiting') expect(after.failures).toBeLessThanOrEqual(maxReconnectAttempts);
        if (after.phase.name === 'resting' && after.phase.why === 'max_attempts') {
          expect(after.failures).toBe(maxReconnectAttempts + 1);
        }
      }
    });
  });
});

interface Outages {
  readonly chance: number;
  readonly untilMs: number;
  /** Attempts after each loss that find nobody. */
  readonly refusals?: number;
  /** How long a connection serves that opens at this time. */
  readonly lastsMs: (at: number) => number;
}

/** A small server that serves for a while and dies, again and again. */
function outages({ chance, untilMs, refusals = 0, lastsMs }: Outages) {
  const step = createStep(readSettings({}));
  let [state] = step(initialState, { type: 'connect', at: 0, chance });
  const gapsMs: number[] = [];
  let [at, lostAt, opened, refused] = [0, 0, 0, refusals];
  const tell = (body: Body) => void ([state] = step(state, { ...body, at, chance }));
  while (at < untilMs) {
    const attempt = state.lastAttempt;
    tell({ type: 'token', attempt, token: 'a.b.c' });
    if (refused < refusals) refused += 1;
    else {
      tell({ type: 'hello', attempt, heartbeatMs: 20_000, spreadMs: 250 });
      tell({ type: 'connected', attempt });
      [opened, refused] = [opened + 1, 0];
      gapsMs.push(at - lostAt);
      lostAt = at + lastsMs(at);
      const { stable = Infinity } = state.timers;
      at = Math.min(lostAt, stable);
      if (at === stable) tell({ type: 'timer', timer: 'stable', heardAt: at });
      at = lostAt;
    }
    tell({ type: 'closed', attempt, code: 1006, error: 'gone', retryAfterMs: 0 });
    at = state.timers.retry ?? at;
    tell({ type: 'timer', timer: 'retry', heardAt: 0 });
  }
  return { gapsMs: gapsMs.slice(1), opened };
}

describe('a loop is never tight', () => {
  it('[LOOP] a server that closes at once whatever comes gets few attempts, also when chance is at its worst', () => {
    for (const code of [1006, 1011, 1012, 1013, 4408, 4429]) {
      const step = createStep(readSettings({}));
      let [state] = step(initialState, { type: 'connect', at: 0, chance: 0 });
      let attempts = 0;
      let at = 0;
      while (at < 60_000) {
        const attempt = state.lastAttempt;
        const events: Body[] = [
          { type: 'token', attempt, token: 'a.b.c' },
          { type: 'hello', attempt, heartbeatMs: 20_000, spreadMs: 0 },
          { type: 'connected', attempt },
          { type: 'closed', attempt, code, error: 'no', retryAfterMs: 0 },
        ];
        for (const event of events) [state] = step(state, { ...event, at, chance: 0.5 });
        attempts += 1;
        at = Math.max(at, state.timers.retry ?? at);
        [state] = step(state, { type: 'timer', timer: 'retry', heardAt: 0, at, chance: 0.5 });
      }
      expect(attempts).toBeLessThan(12);
    }
  });

  it('[LOOP] a server that closes each connection as soon as it counts as good gets one attempt in two seconds at most', () => {
    const { minimumUptime } = readSettings({});
    const { opened } = outages({ chance: 0, untilMs: 60_000, lastsMs: () => minimumUptime });
    expect(opened).toBeLessThanOrEqual(30);
  });

  it('servers that die every 5 s are left for others within 2 s each time, also when the first of them is dead too', () => {
    for (const chance of [0, 0.5, 0.999]) {
      const { gapsMs } = outages({
        chance,
        untilMs: 120_000,
        refusals: 1,
        lastsMs: (at) => 5_000 - (at % 5_000),
      });
      expect(gapsMs.length).toBeGreaterThan(20);
      expect(Math.max(...gapsMs)).toBeLessThan(2_000);
    }
  });

  it('a token that is refused twice is not tried a third time', () => {
    const step = createStep(readSettings({}));
    let [state] = step(initialState, { type: 'connect', at: 0, chance: 0 });
    const effects: Effect[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      for (const event of [
        { type: 'token', attempt, token: 'a.b.c' },
        { type: 'closed', attempt, code: 4401, error: 'expired', retryAfterMs: 0 },
      ] as const) {
        const [next, more] = step(state, { ...event, at: 0, chance: 0 });
        state = next;
        effects.push(...more);
      }
    }
    expect(state.phase).toEqual({ name: 'resting', why: 'auth_failed' });
    expect(effects.filter(({ type }) => type === 'openSocket')).toHaveLength(2);
    // The second one was asked for anew, not taken from a cache.
    expect(effects.filter((effect) => effect.type === 'getToken')).toEqual([
      { type: 'getToken', attempt: 2, fresh: true },
    ]);
  });
});

describe('what a close code says is done', () => {
  const lasted = (spreadMs = 0, config: ConnectionConfig = {}) => {
    const step = createStep(readSettings(config));
    let state = initialState;
    for (const event of [
      { type: 'connect' },
      { type: 'token', attempt: 1, token: 'a.b.c' },
      { type: 'hello', attempt: 1, heartbeatMs: 20_000, spreadMs },
      { type: 'connected', attempt: 1 },
      { type: 'timer', timer: 'stable', heardAt: 0 },
    ] as Body[]) {
      [state] = step(state, { ...event, at: 0, chance: 0 });
    }
    return (code: number, retryAfterMs = 0, chance = 0.5) =>
      step(state, { type: 'closed', attempt: 1, code, error: 'x', retryAfterMs, at: 0, chance })[0];
  };

  it('1012 and 4408 move at once, spread as the server asks', () => {
    for (const code of [1012, 4408]) {
      expect(lasted()(code).phase).toEqual({ name: 'waiting', delayMs: backAtOnceMs / 2 });
      expect(lasted(8_000)(code).phase).toEqual({ name: 'waiting', delayMs: 4_000 });
      expect(lasted(8_000)(code).failures).toBe(0);
    }
  });

  it('a connection that lasted and breaks on its way is back at once, spread as the server asks, and did not fail', () => {
    for (const code of [0, 1000, 1001, 1005, 1006]) {
      expect(lasted()(code).phase).toEqual({ name: 'waiting', delayMs: backAtOnceMs / 2 });
      expect(lasted(8_000)(code)).toMatchObject({ phase: { delayMs: 4_000 }, failures: 0 });
    }
    // The documents of the presets say how long they wait, and who may not try again does not.
    expect(lasted(0, { preset: chat })(1006).phase).toEqual({ name: 'waiting', delayMs: 1_000 });
    expect(lasted(0, { preset: softphone })(1006).phase).toEqual({ name: 'waiting', delayMs: 1_500 });
    expect(lasted(0, { maxReconnectAttempts: 0 })(1006).phase).toEqual({
      name: 'resting',
      why: 'max_attempts',
    });
  });

  it('1013 and 4429 stay away as long as they are told, within reason', () => {
    for (const code of [1013, 4429]) {
      expect(lasted()(code, 12_000).phase).toEqual({ name: 'waiting', delayMs: 12_000 });
      expect(lasted()(code, 1e12).phase).toEqual({ name: 'waiting', delayMs: retryAfterMaxMs });
    }
  });

  it('4401 asks for a new token, 4403 and 4400 stop, everything else comes back later', () => {
    expect(lasted()(4401).phase).toEqual({ name: 'authorizing', attempt: 2 });
    expect(lasted()(4403).phase).toEqual({ name: 'resting', why: 'forbidden' });
    expect(lasted()(4400).phase).toEqual({ name: 'resting', why: 'forbidden' });
    for (const code of [1001, 1005, 1006, 1011]) expect(lasted()(code).phase.name).toBe('waiting');
  });
});

describe('the delay before an attempt', () => {
  it('stays between nothing and its bound, and still differs at the bound', () => {
    const settings = fc
      .constantFrom({}, { preset: softphone }, { preset: crm }, { preset: chat })
      .map(readSettings);
    fc.assert(
      fc.property(
        settings,
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (one, attempt, chance) => {
          const delay = retryDelay(attempt, chance, one);
          expect(delay).toBeGreaterThanOrEqual(100);
          expect(delay).toBeLessThanOrEqual(one.maxDelay);
        },
      ),
    );
    for (const preset of [{}, { preset: softphone }, { preset: crm }]) {
      const one = readSettings(preset);
      expect(retryDelay(50, 0, one)).toBeLessThan(retryDelay(50, 0.99, one));
    }
  });

  it('is what each preset promises', () => {
    const delays = (config: object, chance: number) =>
      [1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelay(attempt, chance, readSettings(config)));
    expect(delays({ preset: chat }, 0.7).slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(delays({ preset: softphone }, 0)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 29_000, 29_000]);
    expect(delays({ preset: softphone }, 0.5)).toEqual([1_500, 2_500, 4_500, 8_500, 16_500, 29_500, 29_500]);
    expect(delays({ preset: crm }, 0.5)).toEqual([1_150, 2_300, 4_600, 9_200, 18_400, 25_500, 25_500]);
    expect(delays({}, 0.5)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });
});
