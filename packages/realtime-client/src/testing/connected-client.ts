import { createClient, type ClientOptions, type RealtimeClient } from '../client.ts';
import { FakeWorld, type FakeSocket } from './fake-world.ts';

export interface Lab {
  readonly world: FakeWorld;
  readonly client: RealtimeClient;
  /** The names of connection events, in order. */
  readonly told: string[];
}

const names = [
  'connected',
  'disconnected',
  'failed',
  'reconnecting',
  'reconnected',
  'moved',
  'max_attempts_reached',
  'auth_required',
  'auth_failed',
  'health_degraded',
] as const;

export function createLab(options: ClientOptions = {}): Lab {
  const world = new FakeWorld();
  const client = createClient({ token: 'a.b.c', environment: world.environment, ...options });
  const told: string[] = [];
  for (const name of names) client.on(`connection:${name}`, () => void told.push(name));
  return { world, client, told };
}

/** A client on an open connection that has lasted. */
export async function connectedLab(
  options: ClientOptions = {},
): Promise<Lab & { readonly socket: FakeSocket }> {
  const lab = createLab(options);
  lab.client.connect();
  await lab.world.pass(0);
  const socket = lab.world.socket.serve();
  await lab.world.pass(6_000);
  return { ...lab, socket };
}

/** Asks for a topic on an open connection, and lets the server answer with a snapshot. */
export async function following(
  { world, client }: Lab,
  topic: string,
  rows: object = {},
  at = { epoch: 'e1', offset: '10-0' },
): Promise<() => void> {
  const stop = client.subscribe(topic);
  await world.pass(0);
  world.socket.say({ type: 'reset', topic, ...at, reason: 'new', resumable: false });
  world.socket.say({ type: 'snapshot', topic, part: 0, last: true, rows });
  return stop;
}
