import { decodeMessage } from '../../asterisk-ami/codec.ts';
import { MessageFramer } from '../../asterisk-ami/message-framer.ts';
import { decodeFrame } from '../../asterisk-ari/codec.ts';
import type { PbxOptions } from '../../port/target.ts';
import type { Said } from '../../port/words.ts';
import { AsteriskState } from '../asterisk-state.ts';
import type { Decoded } from '../fact.ts';
import { received, type CapturedLine } from './captures.ts';

export type Transport = 'ari' | 'ami';
export type CallWord = Extract<Said, { type: `call.${string}` }>;
export type EndedWord = Extract<Said, { type: 'call.ended' }>;
type PhoneWord = Extract<Said, { type: 'extension.changed' }>;

/** What came of a replay: every word, and what the codec did not turn into facts. */
export interface Replayed {
  readonly state: AsteriskState;
  readonly words: readonly Said[];
  readonly strange: readonly { readonly kind: string; readonly raw: string }[];
}

/** Plays what one client received through codec and leg map, at the times at which it was received. */
export function replay(
  lines: readonly CapturedLine[],
  transport: Transport,
  { client, options = {}, settled = true }: { client?: string; options?: PbxOptions; settled?: boolean } = {},
): Replayed {
  const words: Said[] = [];
  const strange: { kind: string; raw: string }[] = [];
  const state = new AsteriskState(options, (word) => words.push(word));
  if (settled) state.settle(0);
  let at = 0;
  const take = (decoded: Decoded, raw: string): void => {
    if (decoded.kind === 'ignored' || decoded.kind === 'reply') return;
    if (isFact(decoded)) state.apply(decoded, at);
    else strange.push({ kind: decoded.kind, raw });
  };
  const framer = new MessageFramer({
    onBanner: () => undefined,
    onMessage: (text) => take(decodeMessage(text), text),
    onOversize: (head) => strange.push({ kind: 'oversize', raw: head }),
  });
  for (const line of received(lines, transport, client)) {
    at = Math.round(line.t);
    if (transport === 'ari') take(decodeFrame(line.raw), line.raw);
    else framer.push(Buffer.from(line.raw));
  }
  return { state, words, strange };
}

type Fact = Exclude<
  Decoded,
  { kind: 'ignored' | 'unknown' | 'reply' | 'replaced' | 'shutdown' | 'probe' | 'unreadable' }
>;

const other: ReadonlySet<string> = new Set([
  'ignored',
  'unknown',
  'reply',
  'replaced',
  'shutdown',
  'probe',
  'unreadable',
]);

export const isFact = (decoded: Decoded): decoded is Fact => !other.has(decoded.kind);

export const callWords = (words: readonly Said[], call?: string): CallWord[] =>
  words
    .filter((word): word is CallWord => word.type.startsWith('call.'))
    .filter(({ payload }) => call === undefined || payload.call === call);

export const endedWords = (words: readonly Said[]): EndedWord[] =>
  words.filter((word): word is EndedWord => word.type === 'call.ended');

/** The statuses a call went through, without repetitions. */
export const statusesOf = (words: readonly Said[], call: string): string[] =>
  callWords(words, call)
    .map(({ type }) => type.slice('call.'.length))
    .filter((status, index, all) => status !== all[index - 1]);

export const phoneStatuses = (words: readonly Said[], extension: string): string[] =>
  words
    .filter((word): word is PhoneWord => word.type === 'extension.changed')
    .filter(({ payload }) => payload.extension === extension)
    .map(({ payload }) => payload.status);
