/** What it costs to catch up: clients of one phone lose their server while that phone and many others are talked about. */
import { Redis } from 'ioredis';
import { parseArgs } from 'node:util';
import { median, ratio, report, runsMin } from './measure.ts';
import { chosen, inTurn, openArena, type Arena, type ContenderName } from './push/arena.ts';
import { commonPhone } from './push/row.ts';

const names = ['ours', 'socketioStreams'] as const;
const withinMs = 120_000;
const unrelatedTimes = 10;

interface Load {
  readonly clients: number;
  readonly missed: number;
  readonly unrelated: number;
}

interface Outcome {
  readonly redisBytes: number;
  readonly seconds: number;
}

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '200' },
      missed: { type: 'string', default: '20' },
      unrelated: { type: 'string', default: '80' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  const quiet = {
    clients: Number(values.clients),
    missed: Number(values.missed),
    unrelated: Number(values.unrelated),
  };
  const lively = { ...quiet, unrelated: quiet.unrelated * unrelatedTimes };
  await using arena = await openArena();
  console.log(
    `${quiet.clients} clients missed ${quiet.missed} changes among ${quiet.unrelated}, then among ${lively.unrelated} others; ${arena.label}`,
  );
  const outcomes = await inTurn(chosen(values.only, names), Number(values.runs), async (name) => ({
    quiet: await catchUp(arena, name, quiet),
    lively: await catchUp(arena, name, lively),
  }));
  const of = (name: ContenderName, when: 'quiet' | 'lively', what: keyof Outcome): number =>
    median((outcomes[name] ?? []).map((outcome) => outcome[when][what]));
  const figures = (name: ContenderName) => ({
    quiet: { redisBytes: of(name, 'quiet', 'redisBytes'), seconds: of(name, 'quiet', 'seconds') },
    lively: { redisBytes: of(name, 'lively', 'redisBytes'), seconds: of(name, 'lively', 'seconds') },
  });
  report(
    'resume',
    {
      ...lively,
      redisBytes: of('ours', 'lively', 'redisBytes'),
      seconds: of('ours', 'lively', 'seconds'),
      ours: figures('ours'),
      socketioStreams: figures('socketioStreams'),
    },
    {
      unrelatedTraffic: ratio(of('ours', 'lively', 'seconds'), of('ours', 'quiet', 'seconds')),
      // So small that two digits would say 0.
      socketioStreams: fine(
        of('ours', 'lively', 'redisBytes') / of('socketioStreams', 'lively', 'redisBytes'),
      ),
    },
  );
}

const fine = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Everybody comes back to another server, which has heard nothing yet of what they missed. */
async function catchUp(
  arena: Arena,
  name: ContenderName,
  { clients, missed, unrelated }: Load,
): Promise<Outcome> {
  await using match = await arena.open(name);
  const crowd = await match.crowd({ clients, topic: `calls:${commonPhone}` });
  const publisher = await match.publisher();
  // A position to come back to.
  await publisher.publish(0);
  await crowd.hear(clients, withinMs);
  await crowd.leave();
  for (let number = 1; number <= missed + unrelated; number += 1) {
    const isMissed = number % Math.ceil((missed + unrelated) / missed) === 0;
    await publisher.publish(number, isMissed ? commonPhone : String(2_000 + (number % 500)));
  }
  const wanted = countMissed(missed, unrelated);
  const { port } = await match.secondServer();
  const before = await sentByRedis(arena);
  const startedAt = performance.now();
  await crowd.comeBack(port);
  await crowd.hear((1 + wanted) * clients, withinMs);
  const seconds = (performance.now() - startedAt) / 1000;
  return { redisBytes: (await sentByRedis(arena)) - before, seconds: Math.round(seconds * 1000) / 1000 };
}

const countMissed = (missed: number, unrelated: number): number =>
  Math.floor((missed + unrelated) / Math.ceil((missed + unrelated) / missed));

async function sentByRedis({ redisUrl }: Arena): Promise<number> {
  const redis = new Redis(redisUrl);
  const stats = await redis.info('stats');
  redis.disconnect();
  return Number(/total_net_output_bytes:(\d+)/.exec(stats)?.[1] ?? Number.NaN);
}
