import type { AsteriskState } from '../asterisk/asterisk-state.ts';
import { isKey } from '../asterisk/fact.ts';
import { mapBounded } from '../asterisk/map-bounded.ts';
import { originateDefaults } from '../asterisk/originate-defaults.ts';
import type { Liveness, Originated, OriginateRequest } from '../port/connection.ts';
import { RefusalError } from '../port/fault.ts';
import type { PbxOptions } from '../port/target.ts';
import { readChannel } from './codec.ts';
import type { AriAnswer, AriRest } from './rest.ts';
import { linkedidOf, listOf, QUESTIONS_AT_ONCE } from './questions.ts';

export interface AriCommandContext {
  readonly rest: AriRest;
  readonly state: AsteriskState;
  readonly signal: AbortSignal;
}

/** Rings `from`, which takes its own number as the wish's: a repeated wish is refused by the PBX as a duplicate. */
export async function originate(
  wish: OriginateRequest,
  options: PbxOptions,
  { rest, signal }: AriCommandContext,
): Promise<Originated> {
  const { endpoint, context, callerId, timeoutSeconds } = originateDefaults(wish, options);
  const answer = await rest.ask('POST', ['channels'], {
    signal,
    query: {
      endpoint,
      extension: wish.to,
      context,
      priority: '1',
      callerId,
      timeout: String(timeoutSeconds),
      channelId: wish.id,
    },
  });
  if (answer.status === 200 || answer.status === 409) return { call: wish.id };
  if (answer.status === 401 || answer.status === 403)
    throw rest.refusal(answer.status, 'the wish for a call');
  throw new RefusalError(`The PBX does not call ${wish.from}: ${reasonOf(answer)}`);
}

function reasonOf({ status, body }: AriAnswer): string {
  const { message, error } = (body ?? {}) as { readonly message?: unknown; readonly error?: unknown };
  const reason = typeof message === 'string' ? message : error;
  return typeof reason === 'string' ? `${reason} (HTTP ${status})` : `HTTP ${status}`;
}

/** Channels of a call that exist now: those we know of first, else all the PBX has, asked one by one. */
export async function channelsOf(call: string, context: AriCommandContext): Promise<string[]> {
  const known = context.state.calls.channelsOf(call).map(({ id }) => id);
  // The key of a call is mostly the id of its first channel.
  const alive = await existing([...new Set([...known, call])], context);
  return alive.length > 0 ? alive : await searched(call, context);
}

async function existing(ids: readonly string[], { rest, signal }: AriCommandContext): Promise<string[]> {
  const found = await mapBounded(ids, QUESTIONS_AT_ONCE, async (id) => {
    const answer = await rest.ask('GET', ['channels', id], { signal });
    if (answer.status === 200) return id;
    if (answer.status === 404) return null;
    throw rest.refusal(answer.status, 'the question for a channel');
  });
  return found.filter((id) => id !== null);
}

async function searched(call: string, context: AriCommandContext): Promise<string[]> {
  const { rest, state, signal } = context;
  const channels = listOf(await rest.get(['channels'], { signal }), 'channels');
  const found = await mapBounded(channels, QUESTIONS_AT_ONCE, async (value) => {
    const channel = readChannel(value);
    if (channel === null) throw rest.refusal(200, 'the question for all channels with an unreadable one');
    const known = state.calls.callOfChannel(channel.id);
    if (known !== null) return known === call ? channel.id : null;
    const linkedid = channel.linkedid ?? (await linkedidOf(channel.id, context));
    if (linkedid === null) return null;
    return linkedid === call || state.calls.keyOf(linkedid) === call ? channel.id : null;
  });
  return found.filter((id) => id !== null);
}

/** Gone only where the PBX said of every channel that it is none of this call's. */
export async function isAlive(call: string, context: AriCommandContext): Promise<Liveness> {
  if (!isKey(call)) return 'unknown';
  try {
    return (await channelsOf(call, context)).length > 0 ? 'alive' : 'gone';
  } catch {
    return 'unknown';
  }
}

export async function hangUp(call: string, context: AriCommandContext): Promise<'done' | 'gone'> {
  const { rest, signal } = context;
  const answers = await mapBounded(await channelsOf(call, context), QUESTIONS_AT_ONCE, (id) =>
    rest.ask('DELETE', ['channels', id], { signal, query: { reason: 'normal' } }),
  );
  const refused = answers.find(({ status }) => status !== 204 && status !== 200 && status !== 404);
  if (refused !== undefined) throw rest.refusal(refused.status, 'the wish to hang up');
  return answers.some(({ status }) => status !== 404) ? 'done' : 'gone';
}
