/** What a connection costs that is let in, listens to calls, and hears nothing. */
import { parseArgs } from 'node:util';
import { median, ratio, report, runsMin } from './measure.ts';
import { chosen, contenderNames, inTurn, openArena, type Arena, type ContenderName } from './push/arena.ts';

/** Opened before anything is weighed, so that what a server needs once is not counted for each. */
const warmUpClients = 500;

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '8000' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  const clients = Number(values.clients);
  await using arena = await openArena();
  console.log(`${clients} clients; ${arena.label}`);
  const outcomes = await inTurn(chosen(values.only, contenderNames), Number(values.runs), (name) =>
    weigh(arena, name, clients),
  );
  const bytes = (name: ContenderName): number =>
    median((outcomes[name] ?? []).map(({ bytesPerConnection }) => bytesPerConnection));
  const ours = bytes('ours');
  report(
    'idle',
    {
      clients,
      bytesPerConnection: ours,
      heapBytesPerConnection: median((outcomes.ours ?? []).map(({ heapBytes }) => heapBytes)),
      ofOthers: Object.fromEntries(contenderNames.map((name) => [name, bytes(name)])),
    },
    {
      plainWs: ratio(ours, bytes('plainWs')),
      socketio: ratio(ours, Math.min(bytes('socketioStreams'), bytes('socketioRedis'))),
    },
  );
}

/** What the kernel holds for sockets is the same for all and not in it. */
async function weigh(arena: Arena, name: ContenderName, clients: number) {
  await using match = await arena.open(name);
  await match.crowd({ clients: warmUpClients });
  const before = await match.server.usage();
  await match.crowd({ clients });
  const after = await match.server.usage();
  return {
    bytesPerConnection: Math.round((after.rssBytes - before.rssBytes) / clients),
    heapBytes: Math.round((after.heapBytes - before.heapBytes) / clients),
  };
}
