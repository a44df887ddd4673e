import { stuckCallLimitBounds, type StuckCallLimits } from '@trunkline/domain';

const minuteMs = 60_000;

/** What `--timeout` may be, in minutes. */
export const timeoutMinutes = {
  min: stuckCallLimitBounds.minMs / minuteMs,
  max: stuckCallLimitBounds.maxMs / minuteMs,
} as const;

/**
 * One limit for answered calls and for those that ring for ever, else those that are set. Calls of which the PBX can't be
 * asked keep the longer one.
 */
export function limitsAfter(minutes: number | undefined, set: StuckCallLimits): StuckCallLimits {
  const { answeredMs, unansweredMs, unknownMs } = set;
  if (minutes === undefined) return { answeredMs, unansweredMs, unknownMs };
  const ms = minutes * minuteMs;
  return { answeredMs: ms, unansweredMs: ms, unknownMs: Math.max(ms, unknownMs) };
}
