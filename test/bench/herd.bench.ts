/** Everybody comes back at once: connections that are let in a second, with the token of each checked. */
import { parseArgs } from 'node:util';
import { median, ratio, report, runsMin } from './measure.ts';
import { chosen, contenderNames, inTurn, openArena, type Arena, type ContenderName } from './push/arena.ts';

const atOnce = 200;
const warmUpClients = 100;

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '3000' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  const clients = Number(values.clients);
  await using arena = await openArena();
  console.log(`${clients} clients, ${atOnce} at once; ${arena.label}`);
  const outcomes = await inTurn(chosen(values.only, contenderNames), Number(values.runs), (name) =>
    comeBack(arena, name, clients),
  );
  const rate = (name: ContenderName): number =>
    median((outcomes[name] ?? []).map(({ acceptedPerSecond }) => acceptedPerSecond));
  const cpu = (name: ContenderName): number =>
    median((outcomes[name] ?? []).map(({ cpuMicrosEach }) => cpuMicrosEach));
  const socketio = Math.max(rate('socketioStreams'), rate('socketioRedis'));
  report(
    'herd',
    {
      clients,
      acceptedPerSecond: rate('ours'),
      cpuMicrosEach: cpu('ours'),
      ofOthers: Object.fromEntries(
        contenderNames.map((name) => [name, { perSecond: rate(name), cpuMicrosEach: cpu(name) }]),
      ),
    },
    { socketio: ratio(rate('ours'), socketio), plainWs: ratio(rate('ours'), rate('plainWs')) },
  );
}

async function comeBack(arena: Arena, name: ContenderName, clients: number) {
  await using match = await arena.open(name);
  await match.crowd({ clients: warmUpClients });
  const before = await match.server.usage();
  const { connectedInSeconds } = await match.crowd({ clients, atOnce });
  const after = await match.server.usage();
  return {
    acceptedPerSecond: Math.round(clients / connectedInSeconds),
    cpuMicrosEach: Math.round((after.cpuMicros - before.cpuMicros) / clients),
  };
}
