import { describe, expect, it } from 'vitest';
import { CallRoster } from './call-roster.ts';

describe('[TOPIC4] whom a row of a call concerns', () => {
  it('every phone that ever took part, if the call was followed from its start', () => {
    const roster = new CallRoster();
    expect(roster.concern('p', 'a', 1, ['1001'])).toEqual(['1001']);
    expect(roster.concern('p', 'a', 2, ['1002'])).toEqual(['1001', '1002']);
    expect(roster.concern('p', 'a', 3, [])).toEqual(['1001', '1002']);
  });

  it('whoever follows any phone, if it was not', () => {
    const roster = new CallRoster();
    expect(roster.concern('p', 'a', 7, ['1002'])).toBe('everyone');
    expect(roster.concern('p', 'a', 8, [])).toBe('everyone');
    expect(roster.recall('p', 'a', ['1001'])).toBe('everyone');
    expect(roster.recall('p', 'unknown', ['1001'])).toBe('everyone');
  });

  it('a late row brings a call to no phone that it has left already', () => {
    const roster = new CallRoster();
    roster.concern('p', 'a', 1, ['1001']);
    roster.concern('p', 'a', 3, ['1003']);
    expect(roster.concern('p', 'a', 2, ['1002'])).toEqual(['1001', '1003']);
    expect(roster.concern('p', 'a', 4, [])).toEqual(['1001', '1003']);
  });

  it('calls of the same name on two PBXs are two calls', () => {
    const roster = new CallRoster();
    roster.concern('p', 'a', 1, ['1001']);
    expect(roster.concern('q', 'a', 1, ['2001'])).toEqual(['2001']);
  });

  it('a row that is read again concerns those who took part then, and since', () => {
    const roster = new CallRoster();
    roster.concern('p', 'a', 1, ['1001']);
    expect(roster.recall('p', 'a', ['1002'])).toEqual(['1001', '1002']);
  });
});
