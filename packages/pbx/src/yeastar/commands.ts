import { sleep } from '@trunkline/service-kit';
import { RefusalError } from '../port/fault.ts';
import type { OriginateRequest, Originated } from '../port/connection.ts';
import { isKey, isFields, textOf } from './fields.ts';
import { findCall } from './read-lists.ts';
import { errorOf, type Rest } from './rest.ts';
import { OK } from './api-faults.ts';

/** The PBX rings `from` first. It knows neither a caller's name nor an id of ours, so both stay behind. */
export async function dialCall(
  rest: Rest,
  { from, to }: OriginateRequest,
  signal: AbortSignal,
): Promise<Originated> {
  const fields = await rest.get({ name: 'call/dial', body: { caller: from, callee: to } }, signal);
  const call = textOf(fields.call_id) || (isFields(fields.data) ? textOf(fields.data.call_id) : '');
  return { call: isKey(call) ? call : null };
}

/** A call is over when its last leg is; each round hangs up one, and often takes the others with it. */
const ROUNDS_MAX = 16;
const BETWEEN_ROUNDS_MS = 100;

/** The PBX hangs up channels and not calls, so the channels are asked for, until none is left. */
export async function hangUpCall(rest: Rest, call: string, signal: AbortSignal): Promise<'done' | 'gone'> {
  let refusal: Error | null = null;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const listed = await findCall(rest, call, signal);
    const live = listed?.members.filter(({ status }) => status !== 'BYE') ?? [];
    const leg = live[round % Math.max(live.length, 1)];
    if (leg === undefined) return round === 0 ? 'gone' : 'done';
    const refusedNow = await hangUpLeg(rest, leg.channel, signal);
    // A leg may have gone by itself in between, which the PBX answers with an error that says little: once is no refusal.
    if (refusedNow !== null && refusal !== null) throw refusedNow;
    refusal = refusedNow;
    await sleep(BETWEEN_ROUNDS_MS, signal);
  }
  throw new RefusalError(`The PBX still lists the call after ${ROUNDS_MAX} of its legs were hung up.`);
}

async function hangUpLeg(rest: Rest, channel: string, signal: AbortSignal): Promise<Error | null> {
  const name = 'call/hangup';
  const answer = await rest.ask({ name, body: { channel_id: channel } }, signal);
  if (answer.errcode === OK) return null;
  const error = errorOf(rest.site, name, answer);
  if (error instanceof RefusalError) return error;
  throw error;
}
