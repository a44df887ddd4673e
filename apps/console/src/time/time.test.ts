import { describe, expect, it } from 'vitest';
import { agoText, countdownText, elapsedSpoken, elapsedText } from './elapsed.ts';
import { exactText, isZone, momentText } from './moment.ts';
import { createServerClock } from './server-clock.ts';

describe('durations', () => {
  it.each([
    [-5_000, '00:00'],
    [999, '00:00'],
    [41_000, '00:41'],
    [277_000, '04:37'],
    [3_877_000, '1:04:37'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms are %s', (ms, text) => expect(elapsedText(ms)).toBe(text));

  it('are spoken as people say them', () => {
    expect([1_000, 41_000, 61_000, 7_200_000, 90_000_000].map(elapsedSpoken)).toEqual([
      '1 second',
      '41 seconds',
      '1 minute',
      '2 hours',
      '1 day',
    ]);
  });

  it('that are left round up, and end in words', () => {
    expect([3_001, 1, 0, -4, 61_000].map(countdownText)).toEqual([
      '4 s',
      '1 s',
      'any moment',
      'any moment',
      '01:01',
    ]);
  });

  it('that have passed are told once a minute', () => {
    expect([0, 37_000, 240_000, 7_300_000, 180_000_000].map(agoText)).toEqual([
      'just now',
      '37 s ago',
      '4 min ago',
      '2 h ago',
      '2 d ago',
    ]);
  });
});

describe('moments', () => {
  const at = Date.parse('2026-11-19T14:02:11Z');
  it('of today, of this year and of another', () => {
    expect(momentText(at, at + 1_000, 'UTC')).toBe('14:02:11');
    expect(momentText(at, Date.parse('2026-11-20T00:00:00Z'), 'UTC')).toBe('19 Nov 14:02:11');
    expect(momentText(at, Date.parse('2027-11-19T14:02:11Z'), 'UTC')).toBe('19 Nov 2026 14:02:11');
  });

  it('are in the zone that was chosen, also in which day it is', () => {
    const late = Date.parse('2026-11-19T23:30:00Z');
    expect(momentText(late, late + 3_600_000, 'Europe/Berlin')).toBe('00:30:00');
    expect(exactText(at, 'Asia/Kolkata')).toBe('19 Nov 2026 19:32:11 +05:30 · 2026-11-19T14:02:11Z');
    expect(exactText(at, 'UTC')).toContain('+00:00');
  });

  it('know which zones there are', () => {
    expect(['local', 'UTC', 'Europe/Lisbon', 'Mars/Olympus', ''].map(isZone)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("the server's clock", () => {
  const serverAt = Date.parse('2026-11-19T14:00:00.000Z');
  /** The server is `ahead` of this wall clock; each answer takes 20 ms on its way. */
  function lab(ahead: number) {
    let now = 1_000;
    const clock = createServerClock({ now: () => now, wallNow: () => serverAt + now - ahead });
    const answer = () => {
      const sentAt = now;
      const date = new Date(Math.floor((serverAt + now + 10) / 1_000) * 1_000).toUTCString();
      now += 20;
      clock.hear(date, sentAt, now);
    };
    const pass = (ms: number) => void (now += ms);
    return { clock, answer, pass, off: () => clock.now() - (serverAt + now) };
  }

  it('is the wall clock until the server has said anything', () => {
    const { clock, off } = lab(4_000);
    expect([off(), clock.skewMs()]).toEqual([-4_000, null]);
    clock.hear('nonsense', 0, 1);
    clock.hear(null, 0, 1);
    expect(clock.skewMs()).toBeNull();
  });

  it('is known to a second at once, and better with each answer', () => {
    const { clock, answer, pass, off } = lab(90_000);
    answer();
    expect(Math.abs(off())).toBeLessThanOrEqual(520);
    for (let count = 0; count < 40; count += 1) {
      pass(1_037);
      answer();
    }
    expect(Math.abs(off())).toBeLessThanOrEqual(60);
    expect(Math.round((clock.skewMs() ?? 0) / 1_000)).toBe(-90);
  });

  it('begins anew when it was set, or the machine slept', () => {
    const { clock, answer, pass, off } = lab(0);
    for (let count = 0; count < 5; count += 1) {
      answer();
      pass(700);
    }
    clock.hear(new Date(serverAt + 3_600_000).toUTCString(), 5_000, 5_010);
    expect(off()).toBeGreaterThan(3_000_000);
  });
});
