import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHeader, HEADER_FIELD, parseEntry, PAYLOAD_FIELD, problemOfHead } from './entry.ts';
import type { RawEntry } from './entry.ts';

const token = fc.stringMatching(/^[\u0021-\u007e]{1,40}$/);
const head = fc.record({
  source: token,
  type: token,
  epoch: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  traceparent: fc.option(token, { nil: undefined }),
});

function raw(...fields: string[]): RawEntry {
  return ['7-1', fields];
}

describe('entry', () => {
  it('looks like this in Redis', () => {
    const traced = { source: 'pbx-1', epoch: 7, seq: 12, type: 'call.ringing', traceparent: '00-ab-cd-01' };
    expect(encodeHeader(traced)).toBe('7-12 call.ringing pbx-1 00-ab-cd-01');
    expect(encodeHeader({ ...traced, traceparent: undefined })).toBe('7-12 call.ringing pbx-1');
  });

  it('reads back whatever the publisher accepts', () => {
    fc.assert(
      fc.property(head, fc.string(), (event, text) => {
        expect(problemOfHead(event)).toBeNull();
        expect(parseEntry(raw(HEADER_FIELD, encodeHeader(event), PAYLOAD_FIELD, text))).toEqual({
          kind: 'entry',
          id: '7-1',
          ...event,
          traceparent: event.traceparent ?? null,
          text,
        });
      }),
    );
  });

  it('finds its fields wherever they stand, among others', () => {
    expect(parseEntry(raw('x', '1', PAYLOAD_FIELD, '{}', HEADER_FIELD, '1-1 t s'))).toMatchObject({
      kind: 'entry',
      source: 's',
      text: '{}',
    });
  });

  it.each([
    ['a deleted entry', null, /deleted/],
    ['no fields', [], /"h" is missing/],
    ['no payload', [HEADER_FIELD, '1-1 t s'], /"d" is missing/],
    ['an odd number of fields', [HEADER_FIELD], /"h" is missing/],
    ['an empty header', [HEADER_FIELD, '', PAYLOAD_FIELD, 'x'], /can't be read/],
    ['no seq', [HEADER_FIELD, '1 t s', PAYLOAD_FIELD, 'x'], /can't be read/],
    ['seq 0', [HEADER_FIELD, '1-0 t s', PAYLOAD_FIELD, 'x'], /can't be read/],
    ['a negative epoch', [HEADER_FIELD, '-1-5 t s', PAYLOAD_FIELD, 'x'], /can't be read/],
    [
      'a seq beyond what a number holds',
      [HEADER_FIELD, '1-9007199254740993 t s', PAYLOAD_FIELD, 'x'],
      /can't be read/,
    ],
    ['a seq in other notation', [HEADER_FIELD, '1-1e3 t s', PAYLOAD_FIELD, 'x'], /can't be read/],
    ['no source', [HEADER_FIELD, '1-1 t ', PAYLOAD_FIELD, 'x'], /can't be read/],
    [
      'a source that PostgreSQL could not store',
      [HEADER_FIELD, '1-1 t s\0', PAYLOAD_FIELD, 'x'],
      /can't be read/,
    ],
    [
      'a source too long for an index',
      [HEADER_FIELD, `1-1 t ${'s'.repeat(201)}`, PAYLOAD_FIELD, 'x'],
      /can't be read/,
    ],
  ])('calls %s malformed, with its id and what there is of it', (_what, fields, problem) => {
    expect(parseEntry(['9-3', fields])).toEqual({
      kind: 'malformed',
      id: '9-3',
      problem: expect.stringMatching(problem),
      text: JSON.stringify(fields),
    });
  });

  it('never throws, whatever lies in the stream', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 6 }), fc.string(), (fields, header) => {
        expect(['entry', 'malformed']).toContain(parseEntry(['1-1', fields]).kind);
        expect(['entry', 'malformed']).toContain(
          parseEntry(raw(HEADER_FIELD, header, PAYLOAD_FIELD, '')).kind,
        );
      }),
    );
  });

  it('refuses to publish what could not be read', () => {
    const good = { source: 's', type: 't', epoch: 0, seq: 1 };
    expect(problemOfHead(good)).toBeNull();
    expect(problemOfHead({ ...good, source: 'a b' })).toMatch(/source/);
    expect(problemOfHead({ ...good, source: '' })).toMatch(/source/);
    expect(problemOfHead({ ...good, source: 's'.repeat(201) })).toMatch(/source/);
    expect(problemOfHead({ ...good, type: 'a\nb' })).toMatch(/type/);
    expect(problemOfHead({ ...good, epoch: -1 })).toMatch(/epoch/);
    expect(problemOfHead({ ...good, seq: 0 })).toMatch(/seq/);
    expect(problemOfHead({ ...good, seq: 1.5 })).toMatch(/seq/);
    expect(problemOfHead({ ...good, traceparent: 'a b' })).toMatch(/traceparent/);
  });
});
