import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../asterisk-ami/codec.ts';
import { decodeFrame } from '../asterisk-ari/codec.ts';
import type { PbxOptions } from '../port/target.ts';
import type { Said } from '../port/words.ts';
import { AsteriskState } from './asterisk-state.ts';
import type { ChannelSaid, Decoded, Fact } from './fact.ts';

const at = 5000;

function live(options: PbxOptions = {}) {
  const words: Said[] = [];
  const state = new AsteriskState(options, (word) => words.push(word));
  state.adopt([], new Map(), state.mark(), 0);
  const take = (decoded: Decoded): void => state.apply(decoded as Fact, at);
  const recordings = () =>
    words.flatMap(({ type, payload }) => (type === 'recording.ready' ? [payload] : []));
  return { state, take, recordings };
}

const anna: ChannelSaid = {
  id: '1.1',
  name: 'PJSIP/1001-00000001',
  state: 'ring',
  number: '1001',
  callerName: '',
  exten: '1002',
  linkedid: '1.1',
};
const begins: Fact = { kind: 'channel', created: true, channel: anna };
const ends: Fact = { kind: 'hangup', channel: anna, cause: 16, techCause: 0 };

describe('a recording that ARI made', () => {
  const finished = (recording: object): Decoded =>
    decodeFrame(JSON.stringify({ type: 'RecordingFinished', recording }));
  const whole = { name: 'talk', format: 'wav', state: 'done', target_uri: 'channel:1.1', duration: 7 };

  it('is told with its file, its call and its length', () => {
    const { take, recordings } = live();
    take(begins);
    take(finished(whole));
    expect(recordings()).toEqual([{ recording: 'talk.wav', at, call: '1.1', durationSeconds: 7 }]);
  });

  it('also when the channel is gone by then', () => {
    const { take, recordings } = live();
    take(begins);
    take(ends);
    take(finished(whole));
    expect(recordings()).toMatchObject([{ call: '1.1' }]);
  });

  it('of a room, by who is in it', () => {
    const { take, recordings } = live();
    take(begins);
    take({ kind: 'enter', bridge: { id: 'room', holding: false, conference: false }, channel: anna });
    take(finished({ ...whole, target_uri: 'bridge:room' }));
    expect(recordings()).toMatchObject([{ recording: 'talk.wav', call: '1.1' }]);
  });

  it('without a call that is known it is told by itself', () => {
    const { take, recordings } = live();
    take(finished({ ...whole, duration: undefined }));
    take(finished({ name: 'other' }));
    expect(recordings()).toEqual([
      { recording: 'talk.wav', at },
      { recording: 'other', at },
    ]);
  });

  it.each([{}, { recording: {} }, { recording: { name: 7 } }, { recording: { name: 'line\nbreak' } }])(
    'is set aside where it has no name: %j',
    (fields) => {
      expect(decodeFrame(JSON.stringify({ type: 'RecordingFinished', ...fields }))).toMatchObject({
        kind: 'unreadable',
      });
    },
  );
});

describe('a recording of the dial plan, over AMI', () => {
  const stop = decodeMessage(
    [
      'Event: MixMonitorStop',
      'Channel: PJSIP/1001-00000001',
      'ChannelState: 6',
      'CallerIDNum: 1001',
      'Exten: 1002',
      'Uniqueid: 1.1',
      'Linkedid: 1.0',
    ].join('\r\n'),
  );

  it('has the name that the pattern gives it', () => {
    const { take, recordings } = live({
      recordingPattern: '/rec/{linkedid}/{uniqueid}-{number}-{exten}-{number}.wav',
    });
    take(begins);
    take(stop);
    expect(recordings()).toEqual([{ recording: '/rec/1.0/1.1-1001-1002-1001.wav', at, call: '1.1' }]);
  });

  it('of a channel that nobody heard of belongs to the call that the PBX names', () => {
    const { take, recordings } = live({ recordingPattern: '{uniqueid}.wav' });
    take(stop);
    expect(recordings()).toEqual([{ recording: '1.1.wav', at, call: '1.0' }]);
  });

  it('is not told where nobody said how files are named', () => {
    const { take, recordings } = live();
    take(begins);
    take(stop);
    expect(recordings()).toEqual([]);
  });
});
