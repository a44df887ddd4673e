import { describe, expect, it } from 'vitest';
import { createFeedKeys, readFeedEntry, readLiveEntry } from './index.ts';

describe('an entry of a feed', () => {
  it('is read from its fields, in whatever order they come', () => {
    expect(readFeedEntry(['5-1', ['payload', '{}', 'id', '7', 'later', 'field']])).toEqual({
      offset: '5-1',
      id: '7',
      payload: '{}',
      traceparent: null,
    });
    expect(readFeedEntry(['5-1', ['id', '7', 'trace', '00-a-b-01', 'payload', '{}']])).toMatchObject({
      traceparent: '00-a-b-01',
    });
  });

  it('is not taken for one when its fields are not there', () => {
    expect(readFeedEntry(['5-1', ['payload', '{}']])).toBeNull();
    expect(readFeedEntry(['5-1', []])).toBeNull();
  });
});

describe('a live entry', () => {
  it('has its place in the first line and its payload after it, whatever that holds', () => {
    expect(readLiveEntry('ab12 5-1 4-0 7 -\n{"a":\n"b"}')).toEqual({
      epoch: 'ab12',
      offset: '5-1',
      previous: '4-0',
      id: '7',
      traceparent: null,
      payload: '{"a":\n"b"}',
    });
    expect(readLiveEntry('ab12 5-1 4-0 7 00-a-b-01\n{}')).toMatchObject({ traceparent: '00-a-b-01' });
  });

  it('is not taken for one without its first line', () => {
    for (const text of ['', 'probe', 'ab12 5-1 4-0 7 -', '\n{}', 'ab12 5 4-0 7 -\n{}', 'ab12 5-1 7 -\n{}'])
      expect(readLiveEntry(text)).toBeNull();
  });
});

it('the keys of a feed share one hash tag, which no prefix may disturb', () => {
  const keys = createFeedKeys('trunkline')('t-1');
  expect(keys).toEqual({
    stream: 'trunkline:feed:{t-1}',
    head: 'trunkline:feed:{t-1}:head',
    channel: 'trunkline:feed:{t-1}:live',
    told: 'trunkline:feed:{t-1}:told',
  });
  expect(() => createFeedKeys('a{b}')).toThrow('hash tag');
});
