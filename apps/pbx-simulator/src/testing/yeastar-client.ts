import type { Simulator } from '../contract/simulator.ts';
import { ask, type AskOptions } from './http.ts';
import { Listener } from './web-socket.ts';

export type Reply = { readonly errcode: number } & Readonly<Record<string, unknown>>;

const API = '/openapi/v1.0/';
export const allTopics = [30007, 30008, 30009, 30011, 30012, 30013, 30014, 30015, 30016, 30022];

/** Asks the vendor's way: user agent, JSON, errors in the body. */
export async function rest(simulator: Simulator, path: string, options: AskOptions = {}): Promise<Reply> {
  const { text } = await ask(`${simulator.address}${API}${path}`, {
    headers: { 'user-agent': 'OpenAPI' },
    ...options,
  });
  return JSON.parse(text) as Reply;
}

export async function login(simulator: Simulator, secret?: string, from?: string): Promise<Reply> {
  const { username, secret: right } = simulator.credential;
  return await rest(simulator, 'get_token', {
    method: 'POST',
    body: { username, password: secret ?? right },
    ...(from === undefined ? {} : { from }),
  });
}

export async function tokenOf(simulator: Simulator): Promise<string> {
  return String((await login(simulator))['access_token']);
}

export function socketOf(simulator: Simulator, token: string): Listener {
  return new Listener(`${simulator.address}${API}subscribe?access_token=${token}`);
}

/** A socket that has subscribed to everything; the confirmation is its first frame. */
export async function subscribe(simulator: Simulator, token: string): Promise<Listener> {
  const listener = await socketOf(simulator, token).opened();
  listener.socket.send(JSON.stringify({ topic_list: allTopics }));
  await listener.heard(1);
  return listener;
}

export interface Event {
  readonly type: number;
  readonly msg: Readonly<Record<string, unknown>>;
}

/** Call events carry their message as text. */
export function eventsOf(listener: Listener): Event[] {
  return listener.objects.flatMap(({ type, msg }) =>
    typeof type === 'number' && typeof msg === 'string'
      ? [{ type, msg: JSON.parse(msg) as Event['msg'] }]
      : [],
  );
}

/** The status of each channel as the member frames add up to it. */
export function membersOf(listener: Listener, key: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const { type, msg } of eventsOf(listener)) {
    if (type !== 30011 || msg['call_id'] !== key) continue;
    for (const member of msg['members'] as Record<string, Record<string, string>>[])
      for (const { channel_id: channel = '', member_status: status = '' } of Object.values(member))
        members.set(channel, status);
  }
  return members;
}
