import * as v from 'valibot';
import { count, instant, number } from './common.ts';

export const simulatorShape = v.object({
  dialect: v.string(),
  isUp: v.pipe(v.boolean(), v.description('False while it restarts.')),
  callsPerSecond: v.pipe(v.number(), v.description('Calls that begin by themselves.')),
  faults: v.pipe(
    v.array(
      v.object({
        action: v.pipe(
          v.string(),
          v.description('The action that has caused it, or else the simulator’s own name.'),
        ),
        details: v.record(v.string(), v.unknown()),
      }),
    ),
    v.description('Those that last until they are cleared.'),
  ),
  blockedUntil: v.nullable(instant),
  calls: v.object({ open: count, placed: count, ended: count }),
  sockets: v.pipe(count, v.description('On which it tells what happens.')),
  lostHangups: v.pipe(count, v.description('Calls that are over without a word of it.')),
  phones: v.array(v.object({ number: v.string(), name: v.string(), status: v.string() })),
  openCalls: v.array(
    v.object({
      call: v.string(),
      status: v.string(),
      from: v.nullable(number),
      to: v.nullable(number),
      startedAt: instant,
      extensions: v.array(v.string()),
    }),
  ),
});

export const simulatorDoneShape = v.object({
  done: v.literal(true),
  call: v.pipe(v.nullable(v.string()), v.description('What `start-call` has started.')),
});
