import { describe, expect, it } from 'vitest';
import { addressLettersMax, readTopics } from './read-topics.ts';

const topicsOf = (url: string) => {
  const read = readTopics(url, 3);
  return read.ok ? read.topics : read.kind;
};

describe('[SSE1] the topics of an address', () => {
  it.each<[string, readonly string[]]>([
    ['/sse?topics=calls', ['calls']],
    ['/sse?topics=calls,pbx', ['calls', 'pbx']],
    ['/sse?topics=calls&topics=pbx', ['calls', 'pbx']],
    ['/sse?topics=calls,calls,', ['calls']],
    ['/sse?topics=calls%3A1%2C2', ['calls:1,2']],
    ['/sse?topics=calls:+49,calls:50%25', ['calls:+49', 'calls:50%']],
    ['/sse?other=1&topics=pbx&token=x', ['pbx']],
  ])('%s', (url, topics) => {
    expect(topicsOf(url)).toEqual(topics);
  });

  it.each([
    ['/sse', 'malformed'],
    ['/sse?topics=', 'malformed'],
    ['/sse?topics=,,', 'malformed'],
    ['/sse?topics=calls:%', 'malformed'],
    ['/sse?topics=weather', 'unknown_topic'],
    ['/sse?topics=calls%2Cpbx', 'unknown_topic'],
    ['/sse?topics=calls:%0A', 'unknown_topic'],
    ['/sse?topics=imports:1,imports:2,imports:3,imports:4', 'too_many_subscriptions'],
    [`/sse?topics=imports:${'x'.repeat(300)}`, 'unknown_topic'],
  ])('%s is refused', (url, kind) => {
    expect(topicsOf(url)).toBe(kind);
  });

  it('are bounded together, so that their positions fit into a header', () => {
    const topics = Array.from({ length: 10 }, (_, index) => `imports:${index}${'x'.repeat(220)}`).join(',');
    expect(topics.length).toBeGreaterThan(addressLettersMax);
    expect(readTopics(`/sse?topics=${topics}`, 256)).toMatchObject({ kind: 'too_many_subscriptions' });
  });
});
