/** The whole link of ours, as a connector holds it, up to the JSON text that the publisher is handed. */
import { adapters, type ConnectContext, type PbxTarget } from '@trunkline/pbx';
import { createLogger } from '@trunkline/service-kit';
import { lastPhone } from './asterisk-frames.ts';
import { begin, readTask, Said, tell } from './contender.ts';

const { vendor, port } = readTask();
const unhurriedMs = 120_000;
const signal = new AbortController().signal;

const target: PbxTarget = {
  id: 'bench',
  vendor,
  address: new URL(`${vendor === 'asterisk-ami' ? 'tcp' : 'http'}://127.0.0.1:${port}`),
  trust: { kind: 'public' },
  credential: { username: 'bench', secret: 'bench' },
  options: {},
};
const context: ConnectContext = {
  signal,
  logger: createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false }),
  now: Date.now,
  timing: {
    dialMs: unhurriedMs,
    answerMs: unhurriedMs,
    heartbeatEveryMs: unhurriedMs,
    heartbeatAnswerMs: unhurriedMs,
    snapshotMs: unhurriedMs,
  },
  onPhase: () => undefined,
  session: {
    read: () => Promise.resolve(null),
    write: () => Promise.resolve(),
    clear: () => Promise.resolve(),
  },
};

await using connection = await adapters[vendor].connect(target, context);
await connection.snapshot(signal);
const before = connection.tally.frames;
const startedAt = begin();
const said = new Said();
for await (const word of connection.words()) {
  if (word.kind === 'unreadable') throw new Error(`a frame is unreadable: ${word.problem}`);
  said.add(word.payload);
  if (word.type === 'extension.changed' && word.payload.extension === lastPhone) break;
}
tell(startedAt, connection.tally.frames - before, said);
