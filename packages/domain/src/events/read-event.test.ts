import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pbxIds } from '../testing/index.ts';
import { eventSchemas } from './event.ts';
import { EventError, readEvent } from './read-event.ts';

const header = { source: pbxIds[0], epoch: 1, seq: 1, type: 'call.ringing' };
const payload = { call: '1700000000.16', at: 1_767_225_600_000 };

describe('[EVENT1] the door', () => {
  it('lets a good event in, with its version and defaults', () => {
    expect(readEvent(header, payload)).toEqual({
      ...payload,
      type: 'call.ringing',
      pbx: pbxIds[0],
      version: (1n << 40n) + 1n,
      extensions: [],
    });
  });

  it.each([
    ['an unknown type', { ...header, type: 'call.exploded' }, payload, 'unknown event type "call.exploded"'],
    ['a type of every object', { ...header, type: 'constructor' }, payload, 'unknown event type'],
    ['a missing key', header, { at: 1 }, 'call.ringing: call: expected "call"'],
    ['a key with a NUL', header, { ...payload, call: 'a\u0000b' }, 'call: '],
    ['an empty key', header, { ...payload, call: '' }, 'call: '],
    ['half a surrogate in a key', header, { ...payload, call: '\ud800' }, 'call: '],
    ['a time that is none', header, { ...payload, at: Number.NaN }, 'at: '],
    ['a time in the distant future', header, { ...payload, at: 1e18 }, 'at: '],
    ['no payload', header, null, 'call.ringing: '],
    ['a source that is no PBX', { ...header, source: 'x' }, payload, 'source is not a UUID'],
    ['epoch 0', { ...header, epoch: 0 }, payload, 'no version'],
    ['a fraction of a sequence', { ...header, seq: 1.5 }, payload, 'no version'],
  ])('refuses %s and says where', (_name, badHeader, badPayload, message) => {
    expect(() => readEvent(badHeader, badPayload)).toThrow(EventError);
    expect(() => readEvent(badHeader, badPayload)).toThrow(message);
  });

  it('cleans words for people instead of refusing them', () => {
    const event = readEvent(header, {
      ...payload,
      caller: { number: ' +49\u00001 ', name: `A\ud800da\n${'x'.repeat(300)}` },
    });
    if (event.type !== 'call.ringing') throw new Error('wrong type');
    expect(event.caller?.number).toBe('+49 1');
    expect(event.caller?.name).toHaveLength(200);
    expect(event.caller?.name?.isWellFormed()).toBe(true);
  });

  it('a PBX cannot say what only we say', () => {
    const ended = { ...header, type: 'call.ended' };
    expect(() => readEvent(ended, { ...payload, cause: 'timeout_cleanup' })).toThrow('cause');
  });

  it('never throws anything but an EventError, whatever it is given', () => {
    const types = fc.constantFrom(...Object.keys(eventSchemas), 'x');
    fc.assert(
      fc.property(types, fc.anything(), fc.anything(), (type, source, anything) => {
        try {
          readEvent({ ...header, type, source: String(source instanceof Object ? 'x' : source) }, anything);
        } catch (error) {
          expect(error).toBeInstanceOf(EventError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
