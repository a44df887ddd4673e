import { applyEvents, type Database } from '@trunkline/database';
import { preparedDatabase, said, tenantIds } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  claimRecording,
  deleteRecording,
  dueRecordings,
  expireRecordings,
  fileKeyOf,
  forgetFiles,
  leftoverFiles,
  listRecordings,
  readRecording,
  renewClaim,
  setRetention,
  settleFailure,
  settleStored,
  type ClaimedRecording,
} from './index.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const otherPbx = pbxIds[pbxIds.length - 1] ?? '';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await database.run((tx) => tx.query('truncate call, extension, recording, pbx_floor, outbox cascade'));
  await database.run((tx) => setRetention(tx, one, null));
});

let seq = 0;
async function tell(recordings: readonly string[], pbx: string = pbxIds[0], payload = {}): Promise<string> {
  const heard = recordings.map((recording) => {
    seq += 1;
    return said(seq, 'recording.ready', { recording, call: 'a', durationSeconds: 7, ...payload }, { pbx });
  });
  return (await database.run((tx) => applyEvents(tx, heard))).messages
    .map(({ payload: text }) => text)
    .join();
}

const due = () => database.run(dueRecordings);
const firstDue = async (): Promise<string> => (await due())[0]?.recording ?? '';
const claim = (recording: string, leaseMs = 60_000) =>
  database.run((tx) => claimRecording(tx, { recording }, leaseMs));
async function claimed(recording: string, leaseMs?: number): Promise<ClaimedRecording> {
  const taken = await claim(recording, leaseMs);
  if (taken.kind !== 'go') throw new Error(taken.kind);
  return taken.claimed;
}
const read = (id: string) => database.run((tx) => readRecording(tx, id));
const store = (mine: ClaimedRecording) =>
  database.run((tx) =>
    settleStored(tx, mine, { key: fileKeyOf(mine.tenant, mine.id), bytes: 9, sha256: 'f0' }, 'audio/wav'),
  );

it('what a PBX tells of is due once, however often it is told, and one of a PBX is fetched at a time', async () => {
  expect(await tell(['a.wav', 'b.wav'])).toContain('"status":"pending"');
  await tell(['a.wav']);
  await tell(['a.wav'], otherPbx);
  const found = await due();
  expect(found).toHaveLength(3);
  const claims = await Promise.all(found.map(({ recording }) => claim(recording)));
  expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'go', 'go']);
  expect(await due()).toHaveLength(1);
});

it('is stored by whoever holds the claim, told to the screens of its tenant, and never fetched again', async () => {
  await tell(['a.wav']);
  const recording = await firstDue();
  // The first one is frozen; its claim lapses, and another one takes over and stores.
  const frozen = await claimed(recording, 0);
  const mine = await claimed(recording);
  expect(await database.run((tx) => renewClaim(tx, frozen, 1_000))).toBe(false);
  expect(await store(frozen)).toBeNull();
  const settled = await store(mine);
  expect(settled?.messages).toHaveLength(1);
  expect(settled?.messages[0]).toMatchObject({ tenant: one });
  expect(JSON.parse(settled?.messages[0]?.payload ?? '')).toEqual({
    recording_update: [
      expect.objectContaining({ id: recording, recording: 'a.wav', status: 'stored', bytes: 9, revision: 2 }),
    ],
  });
  expect(await store(mine)).toBeNull();
  await tell(['a.wav'], pbxIds[0], { durationSeconds: 8 });
  expect(await due()).toEqual([]);
  expect(await claim(recording)).toEqual({ kind: 'over' });
  expect(await read(recording)).toMatchObject({ status: 'stored', sha256: 'f0', attempts: 2 });
});

it('waits between attempts, which only answers cost, and is given up in the end', async () => {
  await tell(['a.wav']);
  const recording = await firstDue();
  const fail = async (step: Parameters<typeof settleFailure>[3], problem = 'cut') => {
    const mine = await claimed(recording);
    return database.run((tx) => settleFailure(tx, mine, problem, step));
  };
  const told = await fail({ kind: 'retry', waitMs: 0, countsAttempt: false });
  expect(told?.messages).toHaveLength(1);
  // The same problem again shows nothing new.
  expect((await fail({ kind: 'retry', waitMs: 0, countsAttempt: true }))?.messages).toEqual([]);
  expect(await read(recording)).toMatchObject({ status: 'pending', attempts: 1, problem: 'cut' });
  await fail({ kind: 'retry', waitMs: 60_000, countsAttempt: true });
  expect(await due()).toEqual([]);
  expect(await claim(recording)).toEqual({ kind: 'over' });
  await database.run((tx) => tx.query('update recording set due_at = now()'));
  expect((await fail({ kind: 'give-up' }, 'gone'))?.messages).toHaveLength(1);
  expect(await read(recording)).toMatchObject({ status: 'failed', problem: 'gone' });
  expect(await due()).toEqual([]);
});

it('is deleted by its own tenant and when it is too old; its file is found until it is gone', async () => {
  await tell(['old.wav', 'new.wav'], pbxIds[0]);
  await tell(['theirs.wav'], otherPbx);
  for (const { recording } of await due()) await store(await claimed(recording));
  await database.run((tx) =>
    tx.query(`update recording set ready_at = now() - interval '2 days' where recording_key <> 'new.wav'`),
  );
  await database.run((tx) =>
    tx.query(`update recording set ready_at = now() where recording_key = 'new.wav'`),
  );
  await database.run((tx) => setRetention(tx, one, 1));
  const expired = await database.run(expireRecordings);
  expect(expired).toMatchObject({ count: 1, messages: [{ tenant: one }] });
  expect(await database.run(expireRecordings)).toMatchObject({ count: 0 });

  const all = await database.run((tx) => listRecordings(tx, {}, { limit: 2 }));
  const rest = await database.run((tx) => listRecordings(tx, {}, { limit: 2, after: all.next ?? '' }));
  const listed = [...all.items, ...rest.items];
  expect(listed.map(({ recording, status }) => `${recording} ${status}`)).toEqual([
    'new.wav stored',
    expect.stringMatching(/^(old.wav deleted|theirs.wav stored)$/) as string,
    expect.stringMatching(/^(old.wav deleted|theirs.wav stored)$/) as string,
  ]);
  const theirs = listed.find(({ recording }) => recording === 'theirs.wav')?.id ?? '';
  expect(await database.run((tx) => deleteRecording(tx, theirs, one))).toBeNull();
  expect(await database.forTenant(one, (_em, tx) => readRecording(tx, theirs))).toBeNull();
  expect((await database.forTenant(other, (_em, tx) => listRecordings(tx))).items).toHaveLength(1);
  expect(await database.run((tx) => deleteRecording(tx, theirs, other))).toMatchObject([{ tenant: other }]);
  expect(await database.run((tx) => deleteRecording(tx, theirs, other))).toBeNull();

  const left = await database.run(leftoverFiles);
  expect(left).toHaveLength(2);
  await database.run((tx) =>
    forgetFiles(
      tx,
      left.map(({ id }) => id),
    ),
  );
  expect(await database.run(leftoverFiles)).toEqual([]);
  await tell(['theirs.wav'], otherPbx);
  expect(await due()).toEqual([]);
});
