import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** Frames as one PBX would send them, in one file, so that every contender's process reads the same bytes. */
export interface Recording {
  readonly path: string;
  readonly frames: number;
  readonly bytes: number;
}

const lengthBytes = 4;

/** Each frame behind its length. */
export async function writeRecording(path: string, texts: Iterable<string>): Promise<Recording> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const text of texts) {
    const frame = Buffer.from(text);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(frame.length);
    parts.push(length, frame);
    bytes += frame.length;
  }
  await writeFile(path, Buffer.concat(parts));
  return { path, frames: parts.length / 2, bytes };
}

export function readRecording(path: string): Buffer[] {
  const file = readFileSync(path);
  const frames: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const start = at + lengthBytes;
    at = start + file.readUInt32LE(at);
    frames.push(file.subarray(start, at));
  }
  return frames;
}

/** Messages of AMI as they lie on the wire, each with its end. */
export const joinMessages = (messages: readonly Buffer[]): Buffer =>
  Buffer.concat(messages.flatMap((message) => [message, messageEnd]));

const messageEnd = Buffer.from('\r\n\r\n');
