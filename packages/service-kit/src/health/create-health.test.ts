import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createHealth } from './create-health.ts';

describe('liveness is progress', () => {
  test('a loop that turns is live, one that is silent for too long is named', () => {
    const clock = createManualClock();
    const health = createHealth({ now: clock.now });
    const consumer = health.progress('consumer', { silenceMsMax: 15_000 });
    health.progress('janitor', { silenceMsMax: 60_000 });
    clock.advance(14_000);
    consumer();
    clock.advance(15_000);
    expect(health.liveness().live).toBe(true);
    clock.advance(1);
    expect(health.liveness()).toEqual({
      live: false,
      loops: [
        { loop: 'consumer', ok: false, silentMs: 15_001, silenceMsMax: 15_000 },
        { loop: 'janitor', ok: true, silentMs: 29_001, silenceMsMax: 60_000 },
      ],
    });
    consumer();
    expect(health.liveness().live).toBe(true);
  });

  test('a loop that never turns is seen too, and one that has ended is not missed', () => {
    const clock = createManualClock();
    const health = createHealth({ now: clock.now });
    const loop = health.progress('shard 3', { silenceMsMax: 1_000 });
    clock.advance(1_001);
    expect(health.liveness().live).toBe(false);
    loop.end();
    expect(health.liveness()).toEqual({ live: true, loops: [] });
    health.progress('shard 3', { silenceMsMax: 1_000 });
  });

  test('no store can make it red', async () => {
    const health = createHealth();
    health.check('redis', () => Promise.reject(new Error('ECONNREFUSED')));
    await health.readiness();
    expect(health.liveness().live).toBe(true);
  });

  test('two loops have two names', () => {
    const health = createHealth();
    health.progress('consumer', { silenceMsMax: 1 });
    expect(() => health.progress('consumer', { silenceMsMax: 1 })).toThrow('a name of its own');
  });
});

describe('readiness', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('waits for the start, then follows the checks, and never returns once draining', async () => {
    const health = createHealth();
    let reachable = true;
    health.check('postgresql', () => {
      if (!reachable) throw new Error('connection refused');
    });
    expect(await health.readiness()).toEqual({
      ready: false,
      phase: 'starting',
      checks: [{ check: 'postgresql', ok: true }],
    });
    health.started();
    expect((await health.readiness()).ready).toBe(true);
    reachable = false;
    expect(await health.readiness()).toEqual({
      ready: false,
      phase: 'running',
      checks: [{ check: 'postgresql', ok: false, reason: 'connection refused' }],
    });
    reachable = true;
    health.draining();
    health.started();
    expect(await health.readiness()).toMatchObject({ ready: false, phase: 'draining' });
  });

  test('a check that hangs is red after its time, costs the others nothing and is not started again', async () => {
    const health = createHealth();
    health.started();
    const hanging = vi.fn<(signal: AbortSignal) => Promise<void>>(() => new Promise(() => {}));
    const quick = vi.fn<() => Promise<void>>(() => Promise.resolve());
    health.check('redis', hanging, { timeoutMs: 500 });
    health.check('schema version', quick);
    for (let probe = 0; probe < 3; probe += 1) {
      const readiness = health.readiness();
      await vi.advanceTimersByTimeAsync(500);
      expect((await readiness).checks).toEqual([
        { check: 'redis', ok: false, reason: 'the check "redis" did not finish within 500 ms' },
        { check: 'schema version', ok: true },
      ]);
    }
    expect(hanging).toHaveBeenCalledTimes(1);
    expect(quick).toHaveBeenCalledTimes(3);
  });

  test('a check that hung and then settled is asked again', async () => {
    const health = createHealth();
    health.started();
    const first = Promise.withResolvers<void>();
    const outcomes = [first.promise, Promise.resolve()];
    health.check('redis', () => outcomes.shift(), { timeoutMs: 500 });
    const red = health.readiness();
    await vi.advanceTimersByTimeAsync(500);
    expect((await red).ready).toBe(false);
    first.reject(new Error('late'));
    await vi.advanceTimersByTimeAsync(0);
    expect((await health.readiness()).ready).toBe(true);
  });
});
