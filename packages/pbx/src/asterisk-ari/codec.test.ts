import { describe, expect, it } from 'vitest';
import { decodeFrame } from './codec.ts';

const channel = {
  id: 'x.1',
  name: 'PJSIP/1001-00000001',
  state: 'Ring',
  caller: { number: '1001', name: 'Zoë' },
};

describe('frames of ARI', () => {
  it('become facts', () => {
    const frame = { type: 'ChannelCreated', channel: { ...channel, dialplan: { exten: '1002' } } };
    expect(decodeFrame(JSON.stringify(frame))).toEqual({
      kind: 'channel',
      created: true,
      channel: {
        id: 'x.1',
        name: 'PJSIP/1001-00000001',
        state: 'ring',
        number: '1001',
        callerName: 'Zoë',
        exten: '1002',
        linkedid: null,
      },
    });
  });

  it('tell the linkedid where the PBX is configured to', () => {
    const frame = {
      type: 'ChannelStateChange',
      channel: { ...channel, channelvars: { 'CHANNEL(linkedid)': 'x.0' } },
    };
    expect(decodeFrame(JSON.stringify(frame))).toMatchObject({ channel: { linkedid: 'x.0' } });
  });

  it.each([
    ['{"type":"ChannelVarset","variable":"x"', 'ignored'],
    ['{"variable":"x","value":"y","type":"ChannelVarset","channel":{}}', 'ignored'],
    ['{"timestamp":"","type":"ChannelDialplan"}', 'ignored'],
    ['{"variable":"\\"type\\":\\"ChannelVarset\\"","type":"ChannelDestroyed"}', 'unreadable'],
    ['{"type":"ApplicationReplaced"}', 'replaced'],
    ['{"type":"MissingParams"}', 'reply'],
    ['{"type":"SomethingNew"}', 'unknown'],
    ['{"type":"constructor"}', 'unknown'],
    ['{"type":"ChannelDestroyed"', 'unreadable'],
    ['{"type":"ChannelDestroyed","channel":{"id":"a\\u0000","name":"b","state":"Up"}}', 'unreadable'],
    ['{"type":"Dial","peer":null}', 'unreadable'],
    ['{"type":7}', 'unreadable'],
    ['null', 'unreadable'],
    ['', 'unreadable'],
  ])('%s is %s', (raw, kind) => {
    expect(decodeFrame(raw).kind).toBe(kind);
  });
});
