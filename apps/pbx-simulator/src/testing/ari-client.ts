import type { Simulator } from '../contract/simulator.ts';
import { ask, type Answered } from './http.ts';
import { Listener } from './web-socket.ts';

function authorization({ credential: { username, secret } }: Simulator): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` };
}

export interface AriAnswer extends Answered {
  readonly json: unknown;
}

export async function ari(
  simulator: Simulator,
  path: string,
  method = 'GET',
  body?: unknown,
): Promise<AriAnswer> {
  const options = { method, headers: authorization(simulator), ...(body === undefined ? {} : { body }) };
  const answered = await ask(`${simulator.address}/ari/${path}`, options);
  return { ...answered, json: answered.text === '' ? null : (JSON.parse(answered.text) as unknown) };
}

export function listen(
  simulator: Simulator,
  application = 'trunkline',
  query = '&subscribeAll=true',
): Listener {
  return new Listener(`${simulator.address}/ari/events?app=${application}${query}`, authorization(simulator));
}

export function typesOf(listener: Listener): string[] {
  return listener.objects.map(({ type }) => String(type));
}
