import * as v from 'valibot';

/** Everything that may be done to the simulated PBX through the API: a closed list, each with its bounds. */

const number = v.pipe(
  v.string(),
  v.regex(/^[+*#\d]{1,32}$/, 'must be a telephone number: digits, and + * # where they belong'),
);
const share = v.optional(
  v.pipe(v.number(), v.minValue(0.01, 'must be at least 0.01'), v.maxValue(1, 'must be at most 1')),
  1,
);
const seconds = (max: number, usual: number) =>
  v.optional(
    v.pipe(
      v.number(),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(max, `must be at most ${max}`),
      v.description(`Seconds; ${usual} unless given.`),
    ),
    usual,
  );

const callName = v.pipe(
  v.string(),
  v.regex(/^[\w.:-]{1,100}$/, 'must be what `start-call` has answered'),
  v.description('What `start-call` has answered.'),
);

const callsPerSecondMax = 20;

const action = <const Name extends string, Entries extends v.ObjectEntries>(
  name: Name,
  entries: Entries,
  does: string,
) => v.pipe(v.strictObject({ action: v.literal(name), ...entries }), v.description(does));

export const simulatorActionSchema = v.variant('action', [
  action(
    'traffic',
    {
      callsPerSecond: v.pipe(
        v.number(),
        v.minValue(0, 'must be at least 0'),
        v.maxValue(callsPerSecondMax, `must be at most ${callsPerSecondMax}`),
      ),
    },
    'How many calls begin each second by themselves; 0 makes no more.',
  ),
  action(
    'start-call',
    {
      kind: v.optional(v.picklist(['internal', 'inbound', 'outbound']), 'inbound'),
      from: number,
      to: number,
    },
    'A call that rings until somebody answers it or hangs up, here or on the wallboard.',
  ),
  action('answer-call', { call: callName, by: v.exactOptional(number) }, 'A phone that rings is answered.'),
  action('hang-up-call', { call: callName }, 'The call ends.'),
  action(
    'drop',
    { how: v.optional(v.picklist(['close', 'reset']), 'reset') },
    'Every connection is cut, once. The link comes back by itself.',
  ),
  action(
    'freeze',
    { acceptNone: v.optional(v.boolean(), true) },
    'Connections stay open and silent, as behind a router that has died, until the faults are cleared.',
  ),
  action(
    'block-address',
    { seconds: seconds(3_600, 60) },
    'Our address is blocked and its connections are cut.',
  ),
  action(
    'lose-hangups',
    { share },
    'A share of calls ends without a word of it, until the faults are cleared.',
  ),
  action(
    'restart',
    { downSeconds: seconds(120, 5), announce: v.optional(v.boolean(), false) },
    'The PBX is down for a while, and its calls are lost.',
  ),
  action(
    'corrupt-frames',
    { share, instead: v.optional(v.boolean(), true) },
    'A share of frames arrives broken, instead of the good ones or beside them, until the faults are cleared.',
  ),
  action('clear-faults', {}, 'All faults end, and a block is lifted.'),
]);

export type SimulatorAction = v.InferOutput<typeof simulatorActionSchema>;
