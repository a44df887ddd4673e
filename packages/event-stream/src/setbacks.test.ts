import { describe, expect, it } from 'vitest';
import { ApplyError } from './failure.ts';
import { Setbacks } from './setbacks.ts';

const settings = { batchEntriesMax: 8, poisonAttemptsMax: 3, backoffBaseMs: 50, backoffMaxMs: 2_000 };
const poison = new ApplyError(new TypeError('bad'));
const outage = Object.assign(new Error('down'), { code: 'ECONNREFUSED' });

describe('Setbacks', () => {
  it('sets an entry aside after it has failed alone three times, with pauses between', () => {
    const setbacks = new Setbacks(settings);
    for (const entries of [8, 4, 2]) {
      expect(setbacks.failed(poison, { first: '1-0', entries })).toMatchObject({
        kind: 'poison',
        delayMs: 0,
      });
      expect(setbacks.park).toBeNull();
    }
    for (const attempts of [1, 2, 3]) {
      expect(setbacks.park).toBeNull();
      setbacks.failed(poison, { first: '1-0', entries: 1 });
      expect(setbacks.sizer.size).toBe(1);
      expect(attempts === 3).toBe(setbacks.park !== null);
    }
    expect(setbacks.park).toEqual({ entryId: '1-0', attempts: 3, error: 'bad' });
    setbacks.succeeded(1);
    expect(setbacks.park).toBeNull();
  });

  it('counts the attempts of each entry by itself', () => {
    const setbacks = new Setbacks(settings);
    setbacks.failed(poison, { first: '1-0', entries: 1 });
    setbacks.failed(poison, { first: '1-0', entries: 1 });
    setbacks.failed(poison, { first: '2-0', entries: 1 });
    expect(setbacks.park).toBeNull();
  });

  it('never suspects an entry because of an outage, however long', () => {
    const setbacks = new Setbacks(settings);
    for (let failure = 1; failure <= 50; failure++) {
      const setback = setbacks.failed(outage, { first: '1-0', entries: 1 });
      expect(setback.kind).toBe('transient');
      expect(setback.delayMs).toBeLessThanOrEqual(settings.backoffMaxMs);
      expect(setback.level).toBe(failure < 3 ? 'debug' : failure < 10 ? 'warn' : 'error');
    }
    expect(setbacks.park).toBeNull();
    expect(setbacks.sizer.size).toBe(8);
  });

  it('an outage between two attempts at an entry neither helps nor harms it', () => {
    const setbacks = new Setbacks(settings);
    for (const error of [poison, outage, poison, outage, outage, poison]) {
      expect(setbacks.park).toBeNull();
      setbacks.failed(error, { first: '1-0', entries: 1 });
    }
    expect(setbacks.park).not.toBeNull();
  });

  it('takes less at once when it took too long, and suspects nobody', () => {
    const setbacks = new Setbacks(settings);
    const timeout = new ApplyError(Object.assign(new Error('canceling statement'), { code: '57014' }));
    for (const size of [4, 2, 1, 1, 1, 1]) {
      setbacks.failed(timeout, { first: '1-0', entries: setbacks.sizer.size });
      expect(setbacks.sizer.size).toBe(size);
    }
    expect(setbacks.park).toBeNull();
  });

  it('sets an entry aside without a snapshot request, when even asking fails', () => {
    const setbacks = new Setbacks(settings);
    for (let attempt = 0; attempt < 3; attempt++) setbacks.failed(poison, { first: '1-0', entries: 1 });
    expect(setbacks.resyncParked).toBe(true);
    setbacks.failed(poison, { first: '1-0', entries: 1 });
    expect(setbacks.resyncParked).toBe(false);
    expect(setbacks.park).not.toBeNull();
    setbacks.succeeded(1);
    expect(setbacks.resyncParked).toBe(true);
  });
});
