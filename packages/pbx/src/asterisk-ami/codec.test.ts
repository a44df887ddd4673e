import { describe, expect, it } from 'vitest';
import { serializeAction } from './action.ts';
import { decodeMessage } from './codec.ts';
import { headerOf } from './header.ts';

const block =
  'Channel: PJSIP/1001-00000001\r\nChannelState: 4\r\nCallerIDNum: <unknown>\r\nExten: 1002\r\nUniqueid: x.1\r\nLinkedid: x.0';

describe('messages of AMI', () => {
  it('become facts', () => {
    expect(decodeMessage(`Event: Newchannel\r\n${block}`)).toEqual({
      kind: 'channel',
      created: true,
      channel: {
        id: 'x.1',
        name: 'PJSIP/1001-00000001',
        state: 'ring',
        number: '',
        callerName: '',
        exten: '1002',
        linkedid: 'x.0',
      },
    });
  });

  it('may have no caller where the PBX dials', () => {
    const text =
      'Event: DialBegin\r\nDestChannel: PJSIP/1001-00000001\r\nDestUniqueid: x.1\r\nDestLinkedid: x.1';
    expect(decodeMessage(text)).toMatchObject({
      kind: 'dial',
      caller: null,
      peer: { id: 'x.1' },
      status: '',
    });
  });

  it.each([
    ['Event: VarSet\r\nVariable: x', 'ignored'],
    ['Event: SomeListComplete\r\nListItems: 0', 'ignored'],
    ['Response: Success\r\nActionID: 7', 'reply'],
    ['Event: Shutdown\r\nShutdown: Cleanly', 'shutdown'],
    ['Event: SomethingNew', 'unknown'],
    ['Event: constructor', 'unknown'],
    ['Event: Hangup\r\nChannel: PJSIP/1001-00000001', 'unreadable'],
    ['Event: BridgeEnter\r\nUniqueid: 1\r\nChannel: a/b', 'unreadable'],
    ['Event: ExtensionStatus\r\nExten: 1001\r\nStatus: x', 'unreadable'],
    ['', 'unreadable'],
  ])('%j is %s', (text, kind) => {
    expect(decodeMessage(text).kind).toBe(kind);
  });

  it('have headers by their whole name only, the first of several', () => {
    const text = 'Event: X\r\nDestUniqueid: 2\r\nUniqueid: 1\r\nUniqueid: 3\r\nEmpty: ';
    expect(headerOf(text, 'Uniqueid')).toBe('1');
    expect(headerOf(text, 'Event')).toBe('X');
    expect(headerOf(text, 'Empty')).toBe('');
    expect(headerOf(text, 'Missing')).toBe('');
  });
});

describe('actions', () => {
  it('are lines of headers', () => {
    expect(serializeAction('Ping', 'id-1', {})).toBe('Action: Ping\r\nActionID: id-1\r\n\r\n');
  });

  it.each(['a\r\nAction: Originate', 'a\nb', 'a\rb', 'a\u0000b'])(
    'take no value with a line break: %j',
    (value) => {
      expect(() => serializeAction('Hangup', 'id-1', { Channel: value })).toThrow('line break');
    },
  );

  it('take no name that is none', () => {
    expect(() => serializeAction('Hangup', 'id-1', { 'Channel: x\r\nA': 'b' })).toThrow("can't be sent");
  });
});
