import type { StuckCallLimits } from '@trunkline/domain';
import {
  boolean,
  duration,
  integer,
  redisSettings,
  setting,
  SettingsError,
  text,
  url,
  type Settings,
  type TextSchema,
} from '@trunkline/service-kit';
import { CronExpressionParser } from 'cron-parser';
import * as v from 'valibot';

/** The same bounds as the domain's `stuckCallLimitBounds`. */
const limit = () => duration({ min: '1m', max: '30d' });

const cronLine: TextSchema<string> = v.pipe(
  v.string(),
  v.description('a cron line such as */10 * * * *'),
  v.check((line) => isCronLine(line.trim()), 'must be a cron line such as */10 * * * *'),
  v.transform((line) => line.trim()),
);

function isCronLine(line: string): boolean {
  try {
    CronExpressionParser.parse(line, { tz: 'UTC' });
    return line.split(/\s+/).length >= 5;
  } catch {
    return false;
  }
}

/** Shared with all that work on the same stores. */
const stores = {
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    schema: url(['postgresql', 'postgres']),
    secret: true,
    explain: 'Where PostgreSQL is.',
    example: 'postgresql://trunkline:password@localhost:5432/trunkline',
  }),
  prefix: setting({
    variable: 'TRUNKLINE_REDIS_PREFIX',
    schema: text({ max: 80 }),
    default: { value: 'trunkline', because: 'several systems may share a Redis in development' },
    explain: 'What all keys in Redis begin with. Must be the same for all services of an installation.',
    example: 'trunkline',
  }),
};

const sweep = {
  everyMs: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_EVERY',
    schema: duration({ min: '10s', max: '1d' }),
    optional: true,
    explain: 'How often a sweep is made; 10m if neither this nor TRUNKLINE_STUCK_CALLS_CRON is set.',
    example: '10m',
  }),
  cron: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_CRON',
    schema: cronLine,
    optional: true,
    explain:
      'When sweeps are made, as a cron line in UTC. Only one of this and TRUNKLINE_STUCK_CALLS_EVERY may be set.',
    example: '*/10 * * * *',
  }),
  answeredMs: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_TIMEOUT',
    schema: limit(),
    default: { value: '30m', because: 'few calls last longer, and the PBX is asked before one is ended' },
    explain: 'How long an answered call may go on before the PBX is asked whether it is still there.',
    example: '45m',
  }),
  unansweredMs: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_RINGING_TIMEOUT',
    schema: limit(),
    default: { value: '30m', because: 'callers wait in queues for long' },
    explain: 'The same for a call that nobody has answered.',
    example: '10m',
  }),
  unknownMs: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_UNKNOWN_TIMEOUT',
    schema: limit(),
    default: { value: '1d', because: 'no PBX is out of reach for so long without somebody knowing' },
    explain:
      'The second, longer limit: when a call is ended of which the PBX can’t be asked. Not shorter than the other two.',
    example: '12h',
  }),
  verify: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_VERIFY',
    schema: boolean(),
    default: { value: 'true', because: 'no call that is alive may be ended' },
    explain: 'Whether the PBX is asked at all. false ends calls by the time alone.',
    example: 'true',
  }),
  answerMs: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_ANSWER',
    schema: duration({ min: '100ms', max: '1m' }),
    default: { value: '5s', because: 'appliances are slow when busy' },
    explain: 'How long a PBX may take to say whether a call is alive; after that it counts as unknown.',
    example: '5s',
  }),
  parallel: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_PARALLEL',
    schema: integer({ min: 1, max: 64 }),
    default: { value: '4', because: 'a replica then waits for a few PBXs at once' },
    explain: 'How many batches of calls a replica works on at once.',
    example: '4',
  }),
};

const doubleBooking = {
  everyMs: setting({
    variable: 'TRUNKLINE_DOUBLE_BOOKING_EVERY',
    schema: duration({ min: '1s', max: '10m' }),
    default: { value: '5s', because: 'somebody sits before that phone and waits' },
    explain: 'How often phones are looked for that are shown in two open calls.',
    example: '5s',
  }),
};

export const stuckCallWorkerSettings = { ...redisSettings, stores, sweep, doubleBooking };
export type StuckCallWorkerSettings = Settings<typeof stuckCallWorkerSettings>;

type SweepSettings = StuckCallWorkerSettings['sweep'];

/** When sweeps are made: one of the two is set. */
export type SweepTiming = { readonly everyMs: number } | { readonly cron: string };

const everyMsDefault = 10 * 60_000;

export function timingOf({ everyMs, cron }: Pick<SweepSettings, 'everyMs' | 'cron'>): SweepTiming {
  if (everyMs !== undefined && cron !== undefined) {
    const problem = 'must not be set together with TRUNKLINE_STUCK_CALLS_CRON: leave one of the two out';
    throw new SettingsError([{ variable: 'TRUNKLINE_STUCK_CALLS_EVERY', problem, example: '10m' }]);
  }
  return cron === undefined ? { everyMs: everyMs ?? everyMsDefault } : { cron };
}

export function limitsOf({ answeredMs, unansweredMs, unknownMs }: SweepSettings): StuckCallLimits {
  if (unknownMs < Math.max(answeredMs, unansweredMs)) {
    const problem =
      'must not be shorter than TRUNKLINE_STUCK_CALLS_TIMEOUT and TRUNKLINE_STUCK_CALLS_RINGING_TIMEOUT';
    throw new SettingsError([{ variable: 'TRUNKLINE_STUCK_CALLS_UNKNOWN_TIMEOUT', problem, example: '1d' }]);
  }
  return { answeredMs, unansweredMs, unknownMs };
}
