import { ingestSettings } from '@trunkline/ingest';
import { duration, integer, setting } from '@trunkline/service-kit';

const every = (variable: string, value: string, because: string, explain: string) =>
  setting({
    variable,
    schema: duration({ min: '10ms', max: '1d' }),
    default: { value, because },
    explain,
    example: value,
  });

const cleanup = {
  graceMs: setting({
    variable: 'TRUNKLINE_CLEANUP_GRACE',
    schema: duration({ max: '1h' }),
    default: { value: '0ms', because: 'nobody should look at calls of which nothing is known' },
    explain:
      'How long a lost link may take to come back with a snapshot before its calls are ended and its phones reset. Until then they are shown as they were.',
    example: '10s',
  }),
  dueEveryMs: every(
    'TRUNKLINE_CLEANUP_LOOK',
    '500ms',
    'a cleanup is late by no more than that',
    'How often is looked for lost links whose grace period is over.',
  ),
};

const housekeeping = {
  trimEveryMs: every(
    'TRUNKLINE_TRIM_EVERY',
    '1s',
    'streams stay as short as the slowest reader allows',
    'How often streams are cut down to what somebody has yet to read.',
  ),
  streamEntriesMax: setting({
    variable: 'TRUNKLINE_STREAM_ENTRIES',
    schema: integer({ min: 1_000, max: 100_000_000 }),
    default: { value: '500000', because: 'some hundred megabytes in each stream, hours of a large fleet' },
    explain:
      'How many entries a stream may hold when workers are down. Beyond it the oldest are given up, counted, and repaired by snapshots.',
    example: '500000',
  }),
  relayEveryMs: every(
    'TRUNKLINE_RELAY_EVERY',
    '1s',
    'screens wait no longer for what a crash left behind',
    'How often is looked for messages that nobody has relayed.',
  ),
  relayAfterMs: every(
    'TRUNKLINE_RELAY_AFTER',
    '5s',
    'whoever committed a message relays it within milliseconds',
    'How old a message must be to be taken for left behind.',
  ),
  floorsEveryMs: every(
    'TRUNKLINE_FLOORS_EVERY',
    '1h',
    'it is a few rows each time',
    'How often old floors are forgotten.',
  ),
  floorsKeptMs: setting({
    variable: 'TRUNKLINE_FLOORS_KEPT',
    schema: duration({ min: '1h', max: '365d' }),
    default: { value: '7d', because: 'dead letters may be replayed for so long' },
    explain:
      'For how long words of a PBX may come late and still be closed by the very floor that was above them.',
    example: '7d',
  }),
  progressEveryMs: every(
    'TRUNKLINE_PROGRESS_EVERY',
    '1h',
    'it is a few rows each time',
    'How often the counts of old epochs are forgotten.',
  ),
  recordsEveryMs: every(
    'TRUNKLINE_RECORDS_EVERY',
    '1h',
    'it is a few hundred rows each time',
    'How often records of old cleanups and settled dead letters are forgotten.',
  ),
  recordsKeptMs: setting({
    variable: 'TRUNKLINE_RECORDS_KEPT',
    schema: duration({ min: '1d', max: '3650d' }),
    default: { value: '730d', because: 'as long as the audit trail, which they explain' },
    explain:
      'How long cleanup runs that changed something are kept, and dead letters after they were replayed or dropped.',
    example: '730d',
  }),
  recordsQuietKeptMs: setting({
    variable: 'TRUNKLINE_RECORDS_QUIET_KEPT',
    schema: duration({ min: '1h', max: '3650d' }),
    default: {
      value: '7d',
      because: 'there is one for each snapshot, and it says that nothing had to be done',
    },
    explain: 'How long reconciliations are kept that found everything as it should be.',
    example: '7d',
  }),
  auditEveryMs: every(
    'TRUNKLINE_AUDIT_EVERY',
    '1h',
    'partitions are made months ahead',
    'How often the partitions of the audit trail are looked after.',
  ),
  auditMonthsAhead: setting({
    variable: 'TRUNKLINE_AUDIT_MONTHS_AHEAD',
    schema: integer({ min: 1, max: 24 }),
    default: { value: '3', because: 'nothing is in a hurry when this worker was down' },
    explain: 'How many months of partitions are made ahead.',
    example: '3',
  }),
  auditMonthsKept: setting({
    variable: 'TRUNKLINE_AUDIT_MONTHS_KEPT',
    schema: integer({ min: 1, max: 1_200 }),
    default: { value: '24', because: 'disputes about calls come up within two years' },
    explain: 'How many whole months of the audit trail are kept before the current one.',
    example: '24',
  }),
  operatorActionsKeptMs: setting({
    variable: 'TRUNKLINE_OPERATOR_ACTIONS_KEPT',
    schema: duration({ min: '1d', max: '3650d' }),
    default: { value: '730d', because: 'it is kept as long as the audit trail of calls' },
    explain: 'For how long it is kept who did what by hand, by API or dashboard.',
    example: '365d',
  }),
};

export const cleanupSettings = { ...ingestSettings, cleanup, housekeeping };

/** Longer than the batches in hand may take. */
export const stopBudgetMs = 10_000;
