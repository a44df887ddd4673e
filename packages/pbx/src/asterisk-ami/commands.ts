import type { AsteriskState } from '../asterisk/asterisk-state.ts';
import { originateDefaults } from '../asterisk/originate-defaults.ts';
import type { Liveness, Originated, OriginateRequest } from '../port/connection.ts';
import { RefusalError } from '../port/fault.ts';
import type { PbxOptions } from '../port/target.ts';
import type { Actions } from './actions.ts';
import { headerOf } from './header.ts';
import type { OriginateAnswers } from './originate-answers.ts';
import { listChannels } from './snapshot.ts';

export interface AmiCommandContext {
  readonly actions: Actions;
  readonly state: AsteriskState;
  readonly answers: OriginateAnswers;
  readonly signal: AbortSignal;
}

/**
 * The first channel takes the wish's own id, so that the call is recognised and a repeated wish does not ring twice.
 * The PBX agrees at once and tells later whether anything came of it; the channel's appearance is the good answer.
 */
export async function originate(
  wish: OriginateRequest,
  options: PbxOptions,
  { actions, state, answers, signal }: AmiCommandContext,
): Promise<Originated> {
  const { endpoint, context, callerId, timeoutSeconds } = originateDefaults(wish, options);
  const known = state.calls.keyOf(wish.id);
  if (known !== null) return { call: known };
  const actionId = actions.nextId();
  const outcome = answers.expect(actionId, wish.id, signal);
  try {
    await actions.ask(
      'Originate',
      {
        Channel: endpoint,
        Context: context,
        Exten: wish.to,
        Priority: '1',
        Timeout: String(timeoutSeconds * 1000),
        CallerID: callerId,
        Async: 'true',
        ChannelId: wish.id,
      },
      signal,
      actionId,
    );
  } catch (error) {
    answers.forget(actionId);
    throw error;
  }
  const refusal = await outcome;
  if (refusal !== null) throw new RefusalError(`The PBX does not call ${wish.from}: ${refusal}`);
  return { call: state.calls.keyOf(wish.id) ?? wish.id };
}

/** The rows of a call's channels in the PBX's list of now. */
async function rowsOf(call: string, { actions, state, signal }: AmiCommandContext): Promise<string[]> {
  const rows = await listChannels(actions, signal);
  return rows.filter((row) => {
    const linkedid = headerOf(row, 'Linkedid');
    return linkedid === call || headerOf(row, 'Uniqueid') === call || state.calls.keyOf(linkedid) === call;
  });
}

export async function isAlive(call: string, context: AmiCommandContext): Promise<Liveness> {
  try {
    return (await rowsOf(call, context)).length > 0 ? 'alive' : 'gone';
  } catch {
    return 'unknown';
  }
}

export async function hangUp(call: string, context: AmiCommandContext): Promise<'done' | 'gone'> {
  const channels = (await rowsOf(call, context)).map((row) => headerOf(row, 'Channel'));
  const done = await Promise.all(channels.map((channel) => hangUpChannel(channel, context)));
  return done.includes(true) ? 'done' : 'gone';
}

/** False where the channel ended by itself meanwhile, as it does when the other side was hung up first. */
async function hangUpChannel(channel: string, { actions, signal }: AmiCommandContext): Promise<boolean> {
  try {
    await actions.ask('Hangup', { Channel: channel, Cause: '16' }, signal);
    return true;
  } catch (error) {
    if (error instanceof RefusalError && /no such channel/i.test(error.message)) return false;
    throw error;
  }
}
