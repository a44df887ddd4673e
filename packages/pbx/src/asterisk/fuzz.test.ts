import { expect, it } from 'vitest';
import { fuzzAmi, fuzzAri, fuzzBounds } from './testing/fuzz.ts';

const FRAMES = 20_000;

it.each([
  ['ARI', fuzzAri],
  ['AMI', fuzzAmi],
] as const)(
  '%s: 20,000 mutated frames are each accounted for, and leave nothing behind',
  async (_name, fuzz) => {
    const { tally, entriesMax, words } = await fuzz({ seed: 20_261_120, frames: FRAMES });
    const { frames, replies, heartbeats, events, ignored, unknown, unreadable } = tally;
    // Mutations make two messages of one, or none where nothing is left of it.
    expect(Math.abs(frames - FRAMES)).toBeLessThan(100);
    expect(replies + heartbeats + events + ignored + unknown + unreadable).toBe(frames);
    expect(unreadable).toBeGreaterThan(100);
    expect(events).toBeGreaterThan(1000);
    expect(words).toBeGreaterThan(1000);
    const { legs = 0, calls = 0, bridges = 0, halves = 0, ended = 0, linkedids = 0 } = entriesMax;
    expect(legs).toBe(fuzzBounds.legsMax);
    expect(Math.max(calls, bridges, halves)).toBeLessThanOrEqual(fuzzBounds.legsMax);
    expect(ended).toBeLessThanOrEqual(fuzzBounds.endedMax);
    expect(linkedids).toBeLessThanOrEqual(32 * fuzzBounds.legsMax);
  },
);
