import type { StuckCallLimits } from '@trunkline/domain';
import { duration, setting, SettingsError, type Settings } from '@trunkline/service-kit';

/** The same bounds as the domain's `stuckCallLimitBounds`. */
const limit = () => duration({ min: '1m', max: '30d' });

/** When a call counts as stuck, and how long a PBX may take to say something about it. */
export const stuckCallSettings = {
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
  answerMs: setting({
    variable: 'TRUNKLINE_STUCK_CALLS_ANSWER',
    schema: duration({ min: '100ms', max: '1m' }),
    default: { value: '5s', because: 'appliances are slow when busy' },
    explain: 'How long a PBX may take to say whether a call is alive; after that it counts as unknown.',
    example: '5s',
  }),
};

type StuckCallSettings = Settings<{ limits: typeof stuckCallSettings }>['limits'];

export function stuckCallLimitsOf({
  answeredMs,
  unansweredMs,
  unknownMs,
}: Pick<StuckCallSettings, keyof StuckCallLimits>): StuckCallLimits {
  if (unknownMs < Math.max(answeredMs, unansweredMs)) {
    const problem =
      'must not be shorter than TRUNKLINE_STUCK_CALLS_TIMEOUT and TRUNKLINE_STUCK_CALLS_RINGING_TIMEOUT';
    throw new SettingsError([{ variable: 'TRUNKLINE_STUCK_CALLS_UNKNOWN_TIMEOUT', problem, example: '1d' }]);
  }
  return { answeredMs, unansweredMs, unknownMs };
}
