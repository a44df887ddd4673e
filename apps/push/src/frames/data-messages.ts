import type { DataType } from '@trunkline/realtime-protocol';
import type { ToldRow } from '../feed/told-row.ts';
import { encodeFrame } from './encode-frame.ts';

export interface MessagesOf {
  readonly topic: string;
  readonly offset: string;
  readonly rows: readonly ToldRow[];
  readonly masked: boolean;
  /** Further messages with the same offset follow these. */
  readonly more?: boolean;
}

export interface Messages {
  readonly bytes: Buffer;
  readonly count: number;
}

/** [DATA1] The data messages of some rows in one piece: one a type, in the order in which the types come first. */
export function dataMessages({ topic, offset, rows, masked, more: goesOn = false }: MessagesOf): Messages {
  const types = new Map<DataType, string[]>();
  for (const row of rows) {
    const texts = types.get(row.type);
    if (texts === undefined) types.set(row.type, [row.text(masked)]);
    else texts.push(row.text(masked));
  }
  const name = JSON.stringify(topic);
  const last = types.size - 1;
  const frames = [...types].map(([type, texts], index) => {
    const more = goesOn || index < last ? ',"more":true' : '';
    const text = `{"type":"${type}","topic":${name},"offset":"${offset}"${more},"rows":[${texts.join(',')}]}`;
    return encodeFrame(text);
  });
  const [only] = frames;
  return {
    bytes: frames.length === 1 && only !== undefined ? only : Buffer.concat(frames),
    count: frames.length,
  };
}
