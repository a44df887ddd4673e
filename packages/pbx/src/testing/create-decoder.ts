import { decodeMessage } from '../asterisk-ami/codec.ts';
import { MessageFramer } from '../asterisk-ami/message-framer.ts';
import { decodeFrame } from '../asterisk-ari/codec.ts';
import { AsteriskState } from '../asterisk/asterisk-state.ts';
import type { Decoded } from '../asterisk/fact.ts';
import { isFact } from '../asterisk/testing/replay.ts';
import type { Vendor } from '../port/target.ts';
import type { Said } from '../port/words.ts';
import { readFrame } from '../yeastar/codec.ts';
import { Switchboard } from '../yeastar/switchboard.ts';

/** Takes what the socket hands over: one frame of a WebSocket, or whatever TCP brought of AMI after its banner. */
export type Decoder = (bytes: Buffer) => void;

/** A link without its socket: codec and leg map, which know by an empty list that nothing was under way before. */
export const createDecoder = (vendor: Vendor, say: (word: Said) => void): Decoder => decoders[vendor](say);

const decoders: Readonly<Record<Vendor, (say: (word: Said) => void) => Decoder>> = {
  yeastar(say) {
    const board = new Switchboard({ say, startOf: () => undefined, onRosterChanged: () => undefined });
    board.settle(Date.now());
    return (bytes) => {
      const frame = readFrame(bytes.toString('utf8'));
      if (frame.kind === 'event') board.hear(frame.meaning, Date.now());
    };
  },
  'asterisk-ari'(say) {
    const take = createListener(say);
    return (bytes) => take(decodeFrame(bytes.toString('utf8')));
  },
  'asterisk-ami'(say) {
    const take = createListener(say);
    const framer = new MessageFramer({
      onBanner: () => undefined,
      onMessage: (text) => take(decodeMessage(text)),
      onOversize: () => undefined,
    });
    framer.push(Buffer.from('Asterisk Call Manager/11.0.0\r\n'));
    return (bytes) => framer.push(bytes);
  },
};

function createListener(say: (word: Said) => void): (decoded: Decoded) => void {
  const state = new AsteriskState({}, say);
  state.settle(Date.now());
  return (decoded) => {
    if (isFact(decoded)) state.apply(decoded, Date.now());
  };
}
