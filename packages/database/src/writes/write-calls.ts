import {
  showCall,
  type Call,
  type CallKey,
  type PbxId,
  type ShownCall,
  type TenantId,
} from '@trunkline/domain';
import { column, parametersOf, type Column } from '../columns.ts';
import type { Transaction } from '../transaction.ts';
import { changesOf, type Changes, type ChangesRow } from './changes.ts';
import type { Floors } from './floors.ts';
import { mergeStatement, take, toldFirst, wordWins } from './merge-statement.ts';

/** What was said of one call, and what the call would be shown as if nothing else were known of it. */
export interface SaidCall {
  readonly tenant: TenantId;
  readonly pbx: PbxId;
  readonly key: CallKey;
  readonly call: Call;
  readonly shown: ShownCall;
}

export const saidCall = (
  tenant: TenantId,
  pbx: PbxId,
  key: CallKey,
  call: Call,
  floors: Floors,
): SaidCall => ({
  tenant,
  pbx,
  key,
  call,
  shown: showCall(call, floors.get(pbx) ?? []),
});

const columns: readonly Column<SaidCall>[] = [
  column('tenant_id', 'uuid', (said: SaidCall) => said.tenant),
  column('pbx_id', 'uuid', (said: SaidCall) => said.pbx),
  column('call_key', 'text', (said: SaidCall) => said.key),
  column('started_at', 'instant', ({ call }: SaidCall) => call.startedAt),
  column('answered_at', 'instant', ({ call }: SaidCall) => call.answered?.at),
  column('answered_approximate', 'boolean', ({ call }: SaidCall) => call.answered?.approximate ?? false),
  column('direction', 'text', ({ call }: SaidCall) => call.route?.fact.direction),
  column('trunk', 'text', ({ call }: SaidCall) => call.route?.fact.trunk),
  column('did', 'text', ({ call }: SaidCall) => call.route?.fact.did),
  column('route_version', 'bigint', ({ call }: SaidCall) => call.route?.at),
  column('caller_number', 'text', ({ call }: SaidCall) => call.caller?.fact.number),
  column('caller_name', 'text', ({ call }: SaidCall) => call.caller?.fact.name),
  column('caller_version', 'bigint', ({ call }: SaidCall) => call.caller?.at),
  column('callee_number', 'text', ({ call }: SaidCall) => call.callee?.fact.number),
  column('callee_name', 'text', ({ call }: SaidCall) => call.callee?.fact.name),
  column('callee_version', 'bigint', ({ call }: SaidCall) => call.callee?.at),
  column('talk_told', 'integer', ({ call }: SaidCall) => call.talkSeconds),
  column('word_as_of', 'bigint', ({ call }: SaidCall) => call.lastWord.key.asOf),
  column('word_said', 'bigint', ({ call }: SaidCall) => call.lastWord.key.said),
  column('word_rank', 'smallint', ({ call }: SaidCall) => call.lastWord.key.rank),
  column('word_status', 'text', ({ call }: SaidCall) => call.lastWord.status),
  column('extensions', 'text[]', ({ call }: SaidCall) => call.lastWord.extensions),
  column('status', 'text', ({ shown }: SaidCall) => shown.status),
  column('ended_at', 'instant', ({ shown }: SaidCall) => shown.endedAt),
  column('hangup_cause', 'text', ({ shown }: SaidCall) => shown.cause),
];

/** [CALL3] The earlier answer wins, and of equals the exact one. */
const answerWins = `excluded.answered_at is not null and (known.answered_at is null
      or excluded.answered_at < known.answered_at
      or (excluded.answered_at = known.answered_at and known.answered_approximate and not excluded.answered_approximate))`;

/** [CALL4] The longest talk time counts. */
const talkWins =
  'excluded.talk_told is not null and (known.talk_told is null or excluded.talk_told > known.talk_told)';

/** What screens are told of a call. */
export const shownCallColumns = `pbx_id as pbx, call_key as call, status, started_at as "startedAt",
  answered_at as "answeredAt", answered_approximate as "answeredApproximate", ended_at as "endedAt",
  hangup_cause as cause, talk_seconds as "talkSeconds", direction, trunk, did,
  caller_number as "callerNumber", caller_name as "callerName",
  callee_number as "calleeNumber", callee_name as "calleeName", extensions, phones, revision`;

/**
 * `mergeCall` of packages/domain once more, as one statement for a whole batch: rule for rule the same, and held equal
 * to it by a property test.
 */
const statement = mergeStatement({
  table: 'call',
  key: 'pbx_id, call_key',
  columns,
  assignments: [
    'started_at = least(known.started_at, excluded.started_at)',
    ...take(answerWins, ['answered_at', 'answered_approximate']),
    ...take(toldFirst('route_version'), ['direction', 'trunk', 'did', 'route_version']),
    ...take(toldFirst('caller_version'), ['caller_number', 'caller_name', 'caller_version']),
    ...take(toldFirst('callee_version'), ['callee_number', 'callee_name', 'callee_version']),
    'talk_told = greatest(known.talk_told, excluded.talk_told)',
    ...take(wordWins, ['word_as_of', 'word_said', 'word_rank', 'word_status', 'extensions']),
    ...take(wordWins, ['status', 'ended_at', 'hangup_cause']),
  ],
  learns: [
    wordWins,
    'excluded.started_at < known.started_at',
    answerWins,
    talkWins,
    ...['route_version', 'caller_version', 'callee_version'].map(toldFirst),
  ],
  shown: shownCallColumns,
});

/** Calls must be sorted by PBX and key, each at most once. */
export async function writeCalls(transaction: Transaction, calls: readonly SaidCall[]): Promise<Changes[]> {
  if (calls.length === 0) return [];
  const rows = await transaction.query<ChangesRow>(statement, parametersOf(columns, calls));
  return rows.map(changesOf);
}
