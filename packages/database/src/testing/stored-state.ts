import type { stateOf } from '@trunkline/domain/testing';
import type { Transaction } from '../transaction.ts';

export type State = ReturnType<typeof stateOf>;

/**
 * The tables in the shape in which the domain's own state is compared: what is stored after a history must equal
 * `stateOf(gather(history))`, facts, keys and what is shown alike.
 */
export async function storedState(transaction: Transaction): Promise<State> {
  const calls = await transaction.query<Row>(`select ${callColumns} from call order by pbx_id, call_key`);
  const extensions = await transaction.query<Row>(
    `select *, ${millis('word_at')}, ${millis('last_seen_at')} from extension order by pbx_id, number`,
  );
  const recordings = await transaction.query<Row>(
    `select *, ${millis('ready_at')} from recording order by pbx_id, recording_key`,
  );
  const pbxs = await transaction.query<{ id: string }>('select id from pbx order by id');
  const state = pbxs.map(({ id }) => ({
    pbx: id,
    calls: ofPbx(calls, id).map(callOf),
    extensions: ofPbx(extensions, id).map(extensionOf),
    recordings: ofPbx(recordings, id).map(recordingOf),
  }));
  return state as unknown as State;
}

type Row = Record<string, unknown>;

const millis = (name: string): string => `(extract(epoch from ${name}) * 1000)::bigint as ${name}_ms`;
const callColumns = `*, ${['started_at', 'answered_at', 'ended_at'].map(millis).join(', ')}`;

const ofPbx = (rows: readonly Row[], id: string): Row[] => rows.filter((row) => row['pbx_id'] === id);

const number = (value: unknown): number | undefined => (value === null ? undefined : Number(value));
const text = (value: unknown): unknown => value ?? undefined;
const version = (value: unknown): bigint => BigInt(value as string);

const keyOf = (row: Row) => ({
  asOf: version(row['word_as_of']),
  said: version(row['word_said']),
  rank: row['word_rank'],
});

const told = (at: unknown, fact: unknown) => (at === null ? undefined : { fact, at: version(at) });

function callOf(row: Row) {
  const status = row['word_status'];
  return {
    key: row['call_key'],
    startedAt: number(row['started_at_ms']),
    answered:
      row['answered_at'] === null
        ? undefined
        : { at: number(row['answered_at_ms']), approximate: row['answered_approximate'] },
    caller: told(row['caller_version'], { number: row['caller_number'], name: text(row['caller_name']) }),
    callee: told(row['callee_version'], { number: row['callee_number'], name: text(row['callee_name']) }),
    route: told(row['route_version'], {
      direction: row['direction'],
      trunk: text(row['trunk']),
      did: text(row['did']),
    }),
    talkSeconds: number(row['talk_told']),
    lastWord: {
      key: keyOf(row),
      status,
      // The word's own end is what is shown: an ended word is never below a floor's reach.
      ...(status === 'ended' && { endedAt: number(row['ended_at_ms']), cause: row['hangup_cause'] }),
      extensions: row['extensions'],
    },
    shown: {
      status: row['status'],
      endedAt: number(row['ended_at_ms']),
      cause: text(row['hangup_cause']),
      talkSeconds: number(row['talk_seconds']),
    },
  };
}

const extensionOf = (row: Row) => ({
  number: row['number'],
  name: told(row['name_version'], row['name']),
  lastWord: { key: keyOf(row), status: row['word_status'], at: number(row['word_at_ms']) },
  shown: { status: row['status'], lastSeenAt: number(row['last_seen_at_ms']) },
});

const recordingOf = (row: Row) => ({
  key: row['recording_key'],
  readyAt: { fact: number(row['ready_at_ms']), at: version(row['ready_version']) },
  call: told(row['call_version'], row['call_key']),
  durationSeconds: told(row['duration_version'], row['duration_seconds']),
});
