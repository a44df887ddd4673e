/**
 * The events of many calls as connectors would have published them: each call is heard of four times, fifty calls of a
 * PBX overlap, and one PBX's words lie in one stream.
 */
export interface WorkloadEvent {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
  readonly text: string;
}

export interface Workload {
  readonly events: number;
  readonly calls: number;
  readonly pbxs: number;
}

/** Many more PBXs than shards, so that each shard gets its share. */
const pbxs = 40;
const eventsOfCall = 4;

/** The nearest workload in which every PBX has the same number of calls. */
export function workloadOf(events: number): Workload {
  const calls = Math.max(1, Math.round(events / eventsOfCall / pbxs)) * pbxs;
  return { events: calls * eventsOfCall, calls, pbxs };
}

export const tenant = '10000000-0000-4000-8000-000000000001';
export const pbxIdOf = (index: number): string =>
  `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;

/** What a payload of the workload says, as a contender without validation takes it. */
export interface Said {
  readonly call: string;
  readonly at: number;
  readonly extensions: readonly [string];
  readonly caller?: { readonly number: string; readonly name: string };
  readonly callee?: { readonly number: string };
  readonly route?: { readonly direction: string; readonly trunk: string; readonly did: string };
  readonly answeredAt?: number;
  readonly endedAt?: number;
  readonly cause?: string;
  readonly talkSeconds?: number;
}

export const statusOf = (type: string): string => type.slice(type.indexOf('.') + 1);

const overlapping = 50;
const steps = ['call.calling', 'call.ringing', 'call.connected', 'call.ended'] as const;

/** Yields each PBX's events in order, a PBX after the other. */
export function* eventsOf({ calls, pbxs }: Workload, startedAt: number): Generator<WorkloadEvent> {
  const callsOfPbx = Math.ceil(calls / pbxs);
  for (let pbx = 0; pbx < pbxs; pbx += 1) yield* eventsOfPbx(pbxIdOf(pbx), pbx, callsOfPbx, startedAt);
}

function* eventsOfPbx(
  source: string,
  pbx: number,
  calls: number,
  startedAt: number,
): Generator<WorkloadEvent> {
  let seq = 0;
  for (let first = 0; first < calls; first += overlapping) {
    for (const [step, type] of steps.entries()) {
      for (let call = first; call < Math.min(calls, first + overlapping); call += 1) {
        seq += 1;
        const payload = payloadOf(step, `17632${pbx}.${call}`, call, startedAt + seq * 10);
        yield { source, epoch: 1, seq, type, text: JSON.stringify(payload) };
      }
    }
  }
}

function payloadOf(step: number, key: string, call: number, at: number): Said {
  const said: Said = { call: key, at, extensions: [String(1000 + (call % 200))] };
  if (step === 0) {
    const route = { direction: 'inbound', trunk: 'sip-1', did: '3012345' };
    return { ...said, caller: { number: `+4930${1_000_000 + call}`, name: 'Ada Lovelace' }, route };
  }
  if (step === 1) return { ...said, callee: { number: String(1000 + (call % 200)) } };
  if (step === 2) return { ...said, answeredAt: at };
  return { ...said, endedAt: at, cause: 'normal', talkSeconds: 42 };
}
