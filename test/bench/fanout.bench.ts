/** What one delivery costs the server, beside Socket.IO with both of its adapters and beside a plain loop over sockets. */
import { parseArgs } from 'node:util';
import { median, ratio, report, runsMin } from './measure.ts';
import { chosen, contenderNames, inTurn, openArena, type Arena, type ContenderName } from './push/arena.ts';
import { pace } from './push/pace.ts';

interface Load {
  readonly clients: number;
  readonly perSecond: number;
  readonly messages: number;
}

/** Code is compiled and sockets have grown their buffers by then. */
const warmUpMessages = 200;
const withinMs = 120_000;

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '200' },
      rate: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '5' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  const perSecond = Number(values.rate);
  const load: Load = {
    clients: Number(values.clients),
    perSecond,
    messages: Math.round(perSecond * Number(values.seconds)),
  };
  await using arena = await openArena();
  console.log(`${load.clients} clients, ${perSecond} changes a second; ${arena.label}`);
  const outcomes = await inTurn(chosen(values.only, contenderNames), Number(values.runs), (name) =>
    fanOut(arena, name, load),
  );
  const micros = (name: ContenderName): number =>
    median((outcomes[name] ?? []).map(({ cpuMicrosPerDelivery }) => cpuMicrosPerDelivery));
  const ours = micros('ours');
  report(
    'fanout',
    {
      ...load,
      cpuMicrosPerDelivery: ours,
      ofOthers: Object.fromEntries(contenderNames.map((name) => [name, micros(name)])),
    },
    {
      socketioStreams: ratio(ours, micros('socketioStreams')),
      socketioRedis: ratio(ours, micros('socketioRedis')),
      plainWs: ratio(ours, micros('plainWs')),
    },
  );
}

async function fanOut(arena: Arena, name: ContenderName, { clients, perSecond, messages }: Load) {
  await using match = await arena.open(name);
  const crowd = await match.crowd({ clients });
  const publisher = await match.publisher();
  const publish = (number: number): Promise<void> => publisher.publish(number);
  await pace(warmUpMessages, perSecond, publish);
  await crowd.hear(warmUpMessages * clients, withinMs);
  const before = await match.server.usage();
  await pace(messages, perSecond, (number) => publish(warmUpMessages + number));
  await crowd.hear((warmUpMessages + messages) * clients, withinMs);
  const after = await match.server.usage();
  const cpuMicros = after.cpuMicros - before.cpuMicros;
  return { cpuMicrosPerDelivery: Math.round((cpuMicros / (messages * clients)) * 100) / 100 };
}
