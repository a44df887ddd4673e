import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCapture, received } from '../asterisk/testing/captures.ts';
import { MessageFramer, type FramerBounds } from './message-framer.ts';

function cut(bytes: Buffer, cuts: readonly number[], bounds?: FramerBounds) {
  const said: string[] = [];
  const framer = new MessageFramer(
    {
      onBanner: (line) => said.push(`banner ${line}`),
      onMessage: (text) => said.push(text),
      onOversize: (head) => said.push(`oversize ${head}`),
    },
    bounds,
  );
  const places = [0, ...[...cuts].sort((one, other) => one - other), bytes.length];
  for (const [index, place] of places.entries()) framer.push(bytes.subarray(places[index - 1] ?? 0, place));
  return { said, waitingBytes: framer.waitingBytes };
}

const session = (scenario: string): Buffer =>
  Buffer.from(
    received(readCapture(scenario), 'ami')
      .map(({ raw }) => raw)
      .join(''),
  );

describe('messages of AMI', () => {
  it('begin after the banner and end with an empty line', () => {
    expect(
      cut(Buffer.from('Asterisk Call Manager/11.0.0\r\nA: 1\r\nB: 2\r\n\r\nC: 3\r\n\r\nD'), []).said,
    ).toEqual(['banner Asterisk Call Manager/11.0.0', 'A: 1\r\nB: 2', 'C: 3']);
  });

  it('are not spoilt by an empty line too many', () => {
    expect(cut(Buffer.from('A/1\r\n\r\nA: 1\r\n\r\n\r\nB: 2\r\n\r\n\r\n\r\n'), []).said).toEqual([
      'banner A/1',
      'A: 1',
      'B: 2',
    ]);
  });

  it('are the same however the bytes were cut', () => {
    const whole = session('a1').subarray(0, 20_000);
    const expected = cut(whole, []);
    expect(expected.said.length).toBeGreaterThan(20);
    const places = fc.array(fc.nat(whole.length), { maxLength: 60 });
    fc.assert(
      fc.property(places, (cuts) => {
        expect(cut(whole, cuts)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
    expect(
      cut(
        whole.subarray(0, 3000),
        Array.from({ length: 3000 }, (_, at) => at),
      ).said,
    ).toEqual(cut(whole.subarray(0, 3000), []).said);
  });

  it('are the same for bytes that are no text, and for messages that are too long', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('\r\n', '\r\n\r\n', '\r', 'ë').map((text) => Buffer.from(text)),
    );
    const bytes = fc
      .array(piece, { maxLength: 20 })
      .map((pieces) => Buffer.concat([Buffer.from('A/1\r\n'), ...pieces]));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(400), { maxLength: 20 }), (whole, places) => {
        const cuts = places.filter((place) => place <= whole.length);
        expect(cut(whole, cuts, { messageBytesMax: 64 }).said).toEqual(
          cut(whole, [], { messageBytesMax: 64 }).said,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('that never end take no more memory than the longest message', () => {
    const endless = Buffer.concat([Buffer.from('A/1\r\n'), Buffer.alloc(1_000_000, 'x')]);
    const cuts = Array.from({ length: 1000 }, (_, index) => index * 1000);
    expect(cut(endless, cuts, { messageBytesMax: 5000 }).waitingBytes).toBeLessThan(10_000);
  });
});
