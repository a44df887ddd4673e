import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { histories, pbxIds, read } from '../testing/index.ts';
import { eventSchemas } from './event.ts';
import written from './fixtures/events-of-0.1.json' with { type: 'json' };
import { readEvent } from './read-event.ts';

const headerOf = (type: string) => ({ source: pbxIds[0], epoch: 1, seq: 1, type });

it('what a connector of an earlier version wrote is read, every word of it', () => {
  expect(new Set(written.map(({ type }) => type))).toEqual(new Set(Object.keys(eventSchemas)));
  for (const { type, payload } of written) {
    expect(readEvent(headerOf(type), payload)).toMatchObject({ ...payload, type });
  }
});

it('what a connector of a later version writes beside what is known changes nothing of what is read', () => {
  const later = fc.dictionary(
    fc.string({ minLength: 1 }).map((name) => `later ${name}`),
    fc.jsonValue(),
    { maxKeys: 3 },
  );
  fc.assert(
    fc.property(histories(), later, (history, more) => {
      for (const event of history) {
        const grown = { ...event, payload: { ...(event.payload as object), ...more } };
        expect(read(grown as typeof event)).toEqual(read(event));
      }
    }),
    { numRuns: 50 },
  );
});
