/** Codec, leg map and the JSON text that the publisher is handed, from the bytes that a socket would hand over. */
import { createDecoder } from '@trunkline/pbx/testing';
import { now, readTask, Said, tell } from './contender.ts';
import { joinMessages, readRecording } from './recording.ts';

const task = readTask();
const frames = readRecording(task.path);
const handed = task.vendor === 'asterisk-ami' ? chunksOf(joinMessages(frames)) : frames;

const said = new Said();
const decode = createDecoder(task.vendor, ({ payload }) => said.add(payload));
const startedAt = now();
for (const bytes of handed) decode(bytes);
tell(startedAt, frames.length, said);

/** A PBX that has much to say fills the socket's buffer, and this is what Node reads of it at once. */
function chunksOf(stream: Buffer): Buffer[] {
  const chunkBytes = 64 * 1024;
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) chunks.push(stream.subarray(at, at + chunkBytes));
  return chunks;
}
