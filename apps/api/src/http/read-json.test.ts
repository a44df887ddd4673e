import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('a body', () => {
  it.each(['1', 'null', '{"a":[{"b":1}]}', nested(32), `{"a":${nested(31)}}`])('%s is read', (text) => {
    expect(readJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['that is none', '{"a":'],
    ['that is nested too deep', nested(33)],
    ['that is nested as deep as fits', nested(32_000)],
    ['that is nested in objects', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`],
  ])('%s is refused', (_what, text) => {
    expect(() => readJson(text)).toThrow(expect.objectContaining({ kind: 'invalid' }) as Error);
  });
});
