import { describe, expect, it } from 'vitest';
import { waitBeforeServing } from './head-start.ts';

const settings = { replica: 'me', headStartMs: 150, backlogEntries: 2_000 };
const outlook = { nowMs: 1_000, servedBy: 'other', unreadSinceMs: 1_000, lag: 1, hinderedUntilMs: 0 };

describe('waitBeforeServing', () => {
  it('lets whoever served last go at once', () => {
    expect(waitBeforeServing({ ...outlook, servedBy: 'me' }, settings)).toBe(0);
  });

  it('lets anybody go where nobody served before', () => {
    expect(waitBeforeServing({ ...outlook, servedBy: null }, settings)).toBe(0);
  });

  it('makes the others wait out the head start, and no longer', () => {
    expect(waitBeforeServing(outlook, settings)).toBe(150);
    expect(waitBeforeServing({ ...outlook, nowMs: 1_100 }, settings)).toBe(50);
    expect(waitBeforeServing({ ...outlook, nowMs: 1_150 }, settings)).toBe(0);
    expect(waitBeforeServing({ ...outlook, nowMs: 9_000 }, settings)).toBe(0);
  });

  it('lets the others go first after a failure of its own', () => {
    expect(waitBeforeServing({ ...outlook, servedBy: 'me', hinderedUntilMs: 1_200 }, settings)).toBe(200);
    expect(waitBeforeServing({ ...outlook, servedBy: 'me', hinderedUntilMs: 1_000 }, settings)).toBe(0);
  });

  it('shares a backlog', () => {
    expect(waitBeforeServing({ ...outlook, lag: 1_999 }, settings)).toBe(150);
    expect(waitBeforeServing({ ...outlook, lag: 2_000 }, settings)).toBe(0);
  });
});
