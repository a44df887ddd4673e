import { assert } from '../primitives/assert.ts';

export type MetricKind = 'counter' | 'gauge' | 'histogram';

const BASE_UNITS = ['seconds', 'bytes', 'ratio'] as const;
const SCALED_UNIT =
  /_(?:ms|millis|milliseconds|us|microseconds|minutes|hours|kb|mb|kilobytes|megabytes|percent)(?:_|$)/;

/**
 * Names follow the Prometheus conventions, because dashboards and alerts are written against them: our prefix, base
 * units only, `_total` on counters and on nothing else. A wrong name is a mistake of ours and stops the process.
 */
export function assertMetricName(kind: MetricKind, name: string): void {
  assert(/^trunkline(?:_[a-z\d]+)+$/.test(name), `a metric is named trunkline_<what>, got "${name}"`);
  assert(!SCALED_UNIT.test(name), `a metric uses base units (${BASE_UNITS.join(', ')}), got "${name}"`);
  assert(
    name.endsWith('_total') === (kind === 'counter'),
    `counters end in _total and only they do, got the ${kind} "${name}"`,
  );
}
