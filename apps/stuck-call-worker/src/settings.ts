import {
  boolean,
  duration,
  integer,
  setting,
  SettingsError,
  storeSettings,
  type Settings,
  type TextSchema,
} from '@trunkline/service-kit';
import { stuckCallSettings } from '@trunkline/stuck-calls';
import { CronExpressionParser } from 'cron-parser';
import * as v from 'valibot';

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

const sweep = {
  ...stuckCallSettings,
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
  verify: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_VERIFY',
    schema: boolean(),
    default: { value: 'true', because: 'no call that is alive may be ended' },
    explain: 'Whether the PBX is asked at all. false ends calls by the time alone.',
    example: 'true',
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

export const stuckCallWorkerSettings = { ...storeSettings, sweep, doubleBooking };
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

/** Longer than a batch of calls waits for its PBX. */
export const stopBudgetMs = 10_000;
