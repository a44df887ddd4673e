import { isTracing, linkFrom, recordSpan, traceIdOf } from '@trunkline/service-kit';
import type { Entry } from './entry.ts';

/** A cleanup may tell of thousands of calls at once; more spans than this help nobody. */
const callsMax = 64;

/**
 * The last part of a call's way: written to the sockets of all who want it. One span for each call that an entry tells of,
 * in the trace of that call, which follows from its name; linked to the transaction that committed it. What tells of no call
 * stands in the trace of its transaction. Costs nothing while tracing is off.
 */
export function traceDelivery(entries: readonly Entry[], deliveries: number): void {
  if (!isTracing()) return;
  for (const entry of entries)
    if (entry.traceparent !== null) traceEntry(entry, entry.traceparent, deliveries);
}

function traceEntry(entry: Entry, traceparent: string, deliveries: number): void {
  const startedAt = Number(entry.offset.slice(0, entry.offset.indexOf('-')));
  const attributes = { 'trunkline.offset': entry.offset, 'trunkline.deliveries': deliveries };
  const calls = callsOf(entry);
  if (calls.length === 0) {
    recordSpan('deliver', { kind: 'producer', parent: traceparent, attributes }, startedAt);
    return;
  }
  const links = [linkFrom(traceparent)];
  for (const about of calls) {
    const isSame = traceparent.includes(traceIdOf(...about));
    const place = isSame ? { parent: traceparent } : { about, links };
    recordSpan('deliver', { kind: 'producer', attributes, ...place }, startedAt);
  }
}

function callsOf({ rows }: Entry): (readonly [pbx: string, call: string])[] {
  const calls = new Map<string, readonly [string, string]>();
  for (const { row } of rows) {
    const { pbx, call } = row;
    if (typeof pbx !== 'string' || typeof call !== 'string' || calls.size >= callsMax) continue;
    calls.set(`${pbx} ${call}`, [pbx, call]);
  }
  return [...calls.values()];
}
