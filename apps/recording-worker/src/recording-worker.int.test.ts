import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { applyEvents, OutboxRelay, type OutboxMessage } from '@trunkline/database';
import { preparedDatabase, said, tenantIds } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { deleteRecording, listRecordings, setRetention, type ListedRecording } from '@trunkline/recordings';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createFolderStorage } from '@trunkline/storage';
import { expect, it } from 'vitest';
import { createRecordingWorker } from './create-recording-worker.ts';
import { openFromServer } from './testing/open-from-server.ts';
import { quickTuning } from './testing/quick-tuning.ts';
import type { ReplicaTask } from './testing/replica-process.ts';

const deadlineMs = 25_000;
/** A process of its own takes long to start on a busy machine. */
const crashTestMs = 90_000;
const replicaFile = new URL('./testing/replica-process.ts', import.meta.url).pathname;

function wave(): Buffer {
  const sound = Buffer.alloc(1_044, 3);
  sound.write('RIFF', 0, 'latin1');
  sound.writeUInt32LE(sound.length - 8, 4);
  sound.write('WAVEfmt ', 8, 'latin1');
  return sound;
}

/** Real stores, a queue, a folder, and a server that gives out sound as each name asks it to. */
async function openLab() {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await preparedDatabase(20));
  await database.run((tx) =>
    tx.query(`update pbx set enabled = true, address = 'http://127.0.0.1:1', credential = 'x'`),
  );
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const asked = new Map<string, number>();
  let atOnce = 0;
  let atOnceMax = 0;
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').slice(1);
    const times = (asked.get(name) ?? 0) + 1;
    asked.set(name, times);
    atOnceMax = Math.max(atOnceMax, (atOnce += 1));
    response.once('close', () => (atOnce -= 1));
    if (name.startsWith('none')) response.writeHead(404).end();
    else if (name.startsWith('page')) response.end('<html>this is no sound at all</html>');
    else if (name.startsWith('cut') && times < 3) {
      response.writeHead(200, { 'content-length': 1_044 });
      response.write(wave().subarray(0, 500), () => response.destroy());
    } else response.end(wave());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  const soundUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: true });
  const redisUrl = testRedisUrl();
  const prefix = uniquePrefix('recordings');
  const relayed: OutboxMessage[] = [];
  const outbox = new OutboxRelay(database, async (messages) => void relayed.push(...messages));
  let seq = 0;

  const lab = {
    database,
    folder,
    asked,
    relayed,
    atOnceMax: () => atOnceMax,
    task: { databaseUrl: database.url, redisUrl, prefix, folder, soundUrl },
    async tell(recordings: readonly string[], pbx: string = pbxIds[0]): Promise<void> {
      const heard = recordings.map((recording) =>
        said((seq += 1), 'recording.ready', { recording }, { pbx }),
      );
      await database.run((tx) => applyEvents(tx, heard));
    },
    listed: async (): Promise<readonly ListedRecording[]> =>
      (await database.run((tx) => listRecordings(tx, {}, { limit: 100 }))).items,
    async states(): Promise<Record<string, string>> {
      return Object.fromEntries((await lab.listed()).map(({ recording, status }) => [recording, status]));
    },
    async files(): Promise<string[]> {
      const found = await readdir(folder, { recursive: true, withFileTypes: true });
      return found.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    },
    async startReplica() {
      const redis = createRedisConnections({ url: redisUrl, logger, name: 'replica' });
      const worker = createRecordingWorker({
        database,
        redis,
        prefix,
        storage: createFolderStorage(folder),
        openSound: openFromServer(soundUrl),
        bytesMax: 1_000_000,
        parallel: 4,
        relay: (messages) => outbox.relay(messages),
        logger,
        metrics: createMetrics({ app: 'test' }),
        tuning: quickTuning,
      });
      await worker.start();
      return stack.use({
        [Symbol.asyncDispose]: async () => {
          await worker.stop();
          await redis.closeAll();
        },
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return lab;
}

it('whatever a PBX gives, two replicas store each recording once, retry what breaks, and give up what is none', async () => {
  await using lab = await openLab();
  await lab.startReplica();
  await lab.startReplica();
  await lab.tell(['a.wav', 'b.wav', 'c.wav', 'cut.wav', 'none.wav']);
  await lab.tell(['theirs.wav'], pbxIds[pbxIds.length - 1]);
  await expect
    .poll(() => lab.states(), { timeout: deadlineMs })
    .toEqual({
      'a.wav': 'stored',
      'b.wav': 'stored',
      'c.wav': 'stored',
      'cut.wav': 'stored',
      'none.wav': 'failed',
      'theirs.wav': 'stored',
    });
  expect(Object.fromEntries(lab.asked)).toEqual({
    'a.wav': 1,
    'b.wav': 1,
    'c.wav': 1,
    'cut.wav': 3,
    'none.wav': 2,
    'theirs.wav': 1,
  });
  // Two PBXs, each of which gives out one at a time.
  expect(lab.atOnceMax()).toBeLessThanOrEqual(2);
  const files = await lab.files();
  expect(files).toHaveLength(5);
  for (const file of files) expect(await readFile(file)).toEqual(wave());
  await expect.poll(() => lab.relayed.filter(({ payload }) => payload.includes('"stored"')).length).toBe(5);

  // What is too old goes with its file, what is deleted by hand too, and telling of it again brings nothing back.
  const byHand = (await lab.listed()).find(({ recording }) => recording === 'theirs.wav');
  await lab.database.run((tx) => deleteRecording(tx, byHand?.id ?? '', undefined));
  await lab.database.run((tx) => setRetention(tx, tenantId(tenantIds[0]), 1));
  await lab.tell(['a.wav']);
  await expect.poll(() => lab.files(), { timeout: deadlineMs }).toEqual([]);
  expect(new Set(Object.values(await lab.states()))).toEqual(new Set(['deleted']));
});

it(
  'a worker that is killed between the storing of a file and its commit leaves a recording that is stored once',
  async () => {
    await using lab = await openLab();
    const task: ReplicaTask = { ...lab.task, freezesBeforeCommit: true };
    const child = spawn(process.execPath, [replicaFile, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await using _killed = {
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL');
        await ended;
      },
    };
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    await lab.tell(['a.wav']);
    await once(lines, 'line');
    expect(await lab.files()).toHaveLength(1);
    expect(await lab.states()).toEqual({ 'a.wav': 'pending' });
    child.kill('SIGKILL');
    await ended;

    await lab.startReplica();
    await expect.poll(() => lab.states(), { timeout: deadlineMs }).toEqual({ 'a.wav': 'stored' });
    expect(await lab.files()).toHaveLength(1);
    expect(lab.asked.get('a.wav')).toBe(2);
    const [stored] = await lab.listed();
    expect(stored).toMatchObject({ bytes: 1_044, contentType: 'audio/wav', attempts: 2 });
    await expect.poll(() => lab.relayed.filter(({ payload }) => payload.includes('"stored"')).length).toBe(1);
  },
  crashTestMs,
);
