import * as v from 'valibot';

/** Of what the simulator tells, what is shown. It is another process, perhaps an older one, so it is checked. */
const told = v.object({
  dialect: v.string(),
  isUp: v.boolean(),
  traffic: v.nullable(v.object({ callsPerSecond: v.number() })),
  faults: v.array(v.looseObject({ kind: v.string() })),
  blockedUntil: v.nullable(v.number()),
  openCalls: v.array(
    v.object({
      key: v.string(),
      status: v.string(),
      caller: v.object({ number: v.string() }),
      dialled: v.string(),
      startedAt: v.number(),
      extensions: v.array(v.string()),
    }),
  ),
  phones: v.array(v.object({ number: v.string(), name: v.string(), status: v.string() })),
  lostHangups: v.number(),
  calls: v.object({ placed: v.number(), ended: v.number() }),
  sockets: v.number(),
});

const at = (ms: number): string => new Date(ms).toISOString();

/** By which action a fault was made. */
const actions: Readonly<Record<string, string>> = {
  halfOpen: 'freeze',
  loseHangups: 'lose-hangups',
  malformed: 'corrupt-frames',
};

export function shownSimulator(answer: unknown): object {
  const { traffic, faults, blockedUntil, openCalls, calls, ...rest } = v.parse(told, answer);
  return {
    ...rest,
    callsPerSecond: traffic?.callsPerSecond ?? 0,
    faults: faults.map(({ kind, ...details }) => ({ action: actions[kind] ?? kind, details })),
    blockedUntil: blockedUntil === null ? null : at(blockedUntil),
    calls: { ...calls, open: openCalls.length },
    openCalls: openCalls.map(({ key, status, caller, dialled, startedAt, extensions }) => ({
      call: key,
      status,
      from: caller.number,
      to: dialled,
      startedAt: at(startedAt),
      extensions,
    })),
  };
}
