import type { Down } from '@trunkline/realtime-protocol';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../frames/encode-frame.ts';
import { readEventId, writeEventId } from './event-id.ts';
import { readEvents } from './read-events.ts';
import { StreamPositions } from './stream-positions.ts';

const at = (offset: string, epoch = 'e') => ({ epoch, offset });

/** Where a reader stands in two topics that has read these messages. */
function standing(before: Record<string, { epoch: string; offset: string }>, ...messages: unknown[]) {
  const positions = new StreamPositions(['calls', 'pbx'], new Map(Object.entries(before)));
  const bytes = Buffer.concat((messages as Down[]).map((message) => encodeFrame(JSON.stringify(message))));
  for (const { move } of readEvents(bytes)) if (move !== null) positions.apply(move);
  return Object.fromEntries(readEventId(positions.id));
}

const reset = { type: 'reset', topic: 'calls', ...at('5-0', 'f'), reason: 'lost', resumable: false };
const part = { type: 'snapshot', topic: 'calls', part: 0, last: false, rows: {} };
const data = { type: 'call_update', topic: 'calls', offset: '6-0', rows: [] };

describe('[POS2] the reader of a stream stands', () => {
  it('where it stood, until a snapshot is complete', () => {
    expect(standing({ calls: at('1-0') }, reset, part)).toEqual({ calls: at('1-0') });
    expect(standing({}, reset, part)).toEqual({});
    expect(standing({}, reset, part, { ...part, part: 1, last: true })).toEqual({ calls: at('5-0', 'f') });
  });

  it('at a message of data, unless more of the same place follows', () => {
    expect(standing({ calls: at('1-0') }, { ...data, more: true })).toEqual({ calls: at('1-0') });
    expect(standing({ calls: at('1-0') }, { ...data, more: true }, data)).toEqual({ calls: at('6-0') });
  });

  it('at what was replayed, and everywhere at a ping with a position', () => {
    const replayed = { type: 'replayed', topic: 'pbx', ...at('7-0'), count: 0 };
    expect(standing({ calls: at('1-0') }, replayed)).toEqual({ calls: at('1-0'), pbx: at('7-0') });
    expect(standing({ calls: at('1-0') }, { type: 'ping', id: 1 })).toEqual({ calls: at('1-0') });
    expect(standing({}, { type: 'ping', ...at('9-0') })).toEqual({ calls: at('9-0'), pbx: at('9-0') });
  });

  it('nowhere else: a reset from which it can go on moves nothing, and other topics are not known', () => {
    const slow = { ...reset, reason: 'slow', resumable: true };
    expect(standing({ calls: at('1-0'), dialer: at('1-0') }, slow)).toEqual({ calls: at('1-0') });
  });
});

describe('the id of an event', () => {
  it('brings back every position, and topics that stand together cost a name each', () => {
    const names = Array.from({ length: 200 }, (_, index) => `calls:${index}`);
    const together = new Map(names.map((topic) => [topic, at('1700000000000-0', 'x'.repeat(36))]));
    const id = writeEventId(together);
    expect(readEventId(id)).toEqual(together);
    expect(id).toMatch(/^[\w-]+$/);
    expect(id.length).toBeLessThan(4_000);
  });

  it.each(['', '{}', 'null', '[[1,2,3]]', '[["e","1-0","calls"]]', '[["e","one",["calls"]]]'])(
    'that is not ours (%s) says nothing',
    (text) => {
      expect(readEventId(Buffer.from(text).toString('base64url')).size).toBe(0);
    },
  );
});

describe('events of frames', () => {
  it.each([10, 125, 126, 65_535, 65_536])('are found, of %i bytes and behind one another', (length) => {
    const texts = ['ä', 'b'].map((letter) => {
      const message = { type: 'pong', id: '' };
      const rest = length - Buffer.byteLength(JSON.stringify(message)) - Buffer.byteLength(letter);
      return JSON.stringify({ ...message, id: letter + 'x'.repeat(Math.max(0, rest)) });
    });
    const events = readEvents(Buffer.concat(texts.map(encodeFrame)));
    expect(events.map(({ lines }) => lines)).toEqual(texts.map((text) => `event: pong\ndata: ${text}\n`));
  });

  it('tell how long to wait where that helps', () => {
    const error = { type: 'error', kind: 'unavailable', message: 'm', topic: 'calls', retryAfterMs: 2_000 };
    const [event] = readEvents(encodeFrame(JSON.stringify(error)));
    expect(event).toMatchObject({ endsTopic: true, move: null });
    expect(event?.lines).toContain('retry: 2000\n');
  });
});
