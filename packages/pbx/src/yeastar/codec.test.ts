import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrame } from './codec.ts';
import { callFrame, extension, frameText, inbound, outbound, recordFrame } from './testing/frame-texts.ts';

describe('what a frame is', () => {
  it.each([
    ['heartbeat response', { kind: 'heartbeat' }],
    [' heartbeat\r\n', { kind: 'heartbeat' }],
    ['{"errcode":0,"errmsg":"SUCCESS"}', { kind: 'reply', errcode: 0, errmsg: 'SUCCESS' }],
    [
      '{"errcode":10004,"errmsg":"TOKEN EXPIRED"}',
      { kind: 'reply', errcode: 10004, errmsg: 'TOKEN EXPIRED' },
    ],
    ['{"type":30017,"sn":"1","msg":"whatever"}', { kind: 'ignored' }],
    ['{"type":39999,"msg":"{}"}', { kind: 'unknown', type: 39999 }],
    ['no heartbeat response here', { kind: 'unknown', type: null }],
    ['', { kind: 'unknown', type: null }],
    ['null', { kind: 'unknown', type: null }],
    ['[{"type":30011}]', { kind: 'unknown', type: null }],
    ['{"event":"call","state":"ringing"}', { kind: 'unknown', type: null }],
  ])('%j', (raw, frame) => {
    expect(readFrame(raw)).toEqual(frame);
  });

  it('takes an event for an event although its text says heartbeat and errcode', () => {
    const raw = JSON.stringify({
      type: 30009,
      errcode: 1,
      msg: '{"extension":"1","status":"heartbeat response"}',
    });
    expect(readFrame(raw)).toEqual({
      kind: 'event',
      meaning: { kind: 'presence', extension: '1', presence: 'heartbeat response' },
    });
  });

  it.each([
    ['{"type":30011,"msg":"{\\"call', 'not valid JSON'],
    ['\u0000{"type":30011,"msg":"{}"}', 'not valid JSON'],
    ['{"type":"30011","msg":"{}"}', 'type: expected an integer'],
    ['{"type":30011.5,"msg":"{}"}', 'type: expected an integer'],
    ['{"msg":"{}"}', 'an event without a type'],
    ['{"type":30011}', 'msg: missing'],
    ['{"type":30011,"msg":"{broken"}', 'msg: not valid JSON'],
    ['{"type":30011,"msg":[]}', 'msg: expected an object'],
    [frameText(30011, { members: [] }), 'call_id: expected'],
    [frameText(30011, { call_id: 'a\u0000b', members: [] }), 'call_id: expected'],
    [frameText(30011, { call_id: '1.1', members: {} }), 'members: expected a list'],
    [callFrame('1.1', ['x']), 'members: expected objects'],
    [callFrame('1.1', [{ extension: 'x' }]), 'members: extension: expected an object'],
    [callFrame('1.1', [extension('', 'RING')]), 'members: extension: number'],
    [callFrame('1.1', [extension('1', 'RING', { channel_id: null })]), 'channel_id'],
    [
      callFrame(
        '1.1',
        Array.from({ length: 300 }, () => inbound('RING')),
      ),
      'members: more than',
    ],
    [frameText(30007, { extension: '1', status: 'maybe' }), 'status: expected Registered'],
    [frameText(30008, { extension: '1', status: 'Dancing' }), 'status: expected Ringing'],
    [frameText(30008, { status: 'Busy' }), 'extension: expected'],
    [frameText(30009, { extension: '1' }), 'status: expected a presence'],
    [frameText(30012, { call_from: '1' }), 'call_id: expected'],
  ])('sets aside %j whole', (raw, problem) => {
    expect(readFrame(raw)).toEqual({
      kind: 'unreadable',
      raw,
      problem: expect.stringContaining(problem) as string,
    });
  });
});

describe('what an event means', () => {
  it.each([30011, 30013, 30014, 30016])('members of kind %i', (type) => {
    const members = [
      extension('1001', ' ALERT ', { call_path: ' 6500 ' }),
      inbound('ring'),
      outbound('EARLYMEDIA'),
    ];
    expect(readFrame(callFrame('1702285525.16', members, type))).toMatchObject({
      kind: 'event',
      meaning: {
        kind: 'members',
        call: '1702285525.16',
        members: [
          { side: 'extension', number: '1001', status: 'ALERT', path: '6500' },
          { side: 'inbound', from: '15551234', to: '5503301', trunk: 'carrier', status: 'RING', number: '' },
          { side: 'outbound', to: '15559999', status: 'EARLYMEDIA' },
        ],
      },
    });
  });

  it('reads a message that is an object, members with several keys, unknown sides and unknown statuses', () => {
    const both = {
      ...extension('1001', 'SINGING'),
      ...inbound('BYE'),
      internal: { channel_id: 'x' },
      novelty: 7,
    };
    const raw = JSON.stringify({ type: 30011, msg: { call_id: 17.5, members: [both, {}] } });
    expect(readFrame(raw)).toMatchObject({
      meaning: {
        call: '17.5',
        members: [
          { side: 'extension', status: null },
          { side: 'inbound', status: 'BYE' },
          { side: 'internal', status: null, number: '' },
        ],
      },
    });
  });

  it('a record, with blanks trimmed and numbers in any form', () => {
    const raw = recordFrame('1.1', {
      talk_duration: '35',
      recording: ' a.wav ',
      dst_trunk_name: 'out',
      type: 'OUTBOUND',
    });
    expect(readFrame(raw)).toEqual({
      kind: 'event',
      meaning: {
        kind: 'record',
        record: {
          call: '1.1',
          from: '1001',
          to: '1002',
          type: 'outbound',
          disposition: 'ANSWERED',
          talkSeconds: 35,
          trunk: 'out',
          did: '',
          recording: 'a.wav',
        },
      },
    });
  });

  it.each([
    [
      frameText(30007, { extension: '1', kind: 'Sip', status: 'Unregistered' }),
      { kind: 'registration', device: 'sip', registered: false },
    ],
    [
      frameText(30008, { extension: 1001, status: 'busy' }),
      { kind: 'phone', extension: '1001', state: 'Busy' },
    ],
    [
      frameText(30009, { extension: '1', status: 'do_not_disturb' }),
      { kind: 'presence', presence: 'do_not_disturb' },
    ],
    [
      frameText(30015, { call_id: '1.1', reason: 'User Busy', members: null }),
      { kind: 'failure', reason: 'User Busy', members: null },
    ],
    [frameText(30022, { ext_number: '1', option: 'CREATE' }), { kind: 'roster' }],
  ])('%j', (raw, meaning) => {
    expect(readFrame(raw)).toMatchObject({ kind: 'event', meaning });
  });
});

it('whatever arrives is exactly one kind, and nothing is thrown', () => {
  const kinds = ['heartbeat', 'reply', 'event', 'ignored', 'unknown', 'unreadable'];
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .tuple(fc.integer({ min: 30005, max: 30040 }), fc.json())
      .map(([type, msg]) => JSON.stringify({ type, msg })),
    fc
      .tuple(fc.integer({ min: 30005, max: 30040 }), fc.anything())
      .map(([type, msg]) =>
        JSON.stringify({ type, msg: { call_id: '1.1', extension: '1', members: [msg] } }),
      ),
  );
  fc.assert(
    fc.property(texts, (raw) => {
      expect(kinds).toContain(readFrame(raw).kind);
    }),
    { numRuns: 1_000 },
  );
});
