import type { CallKind } from '../contract/call-plan.ts';
import type { CallDirection } from '../contract/ledger.ts';
import type { Call } from './call.ts';
import { OrderError, type OpenPlan } from './desk.ts';
import { didOf, MENU_NUMBER } from './dialplans.ts';
import type { Phone } from './phone.ts';

interface Facts {
  readonly key: string;
  readonly now: number;
  readonly trunk: string;
  readonly phones: ReadonlyMap<string, Phone>;
}

/** The record of a call that has just been dialled, or an error that says what is wrong with the plan. */
export function newCall(plan: OpenPlan, { key, now, trunk, phones }: Facts): Call {
  const { kind, from, to } = plan;
  const inside = phones.get(from);
  const direction = directionOf(kind, inside);
  if (inside !== undefined && !inside.registered)
    throw new OrderError(`${from} is switched off and can't call`);
  const targets = targetsOf(plan, phones);
  const reached = kind === 'menu' ? MENU_NUMBER : to;
  const did = direction === 'inbound' ? didOf(reached) : null;
  return {
    key,
    kind,
    direction,
    caller: inside === undefined ? { number: from } : { number: from, name: inside.name },
    dialled: did ?? reached,
    reached,
    did,
    trunk: direction === 'internal' ? null : trunk,
    targets,
    startedAt: now,
    mergedKeys: [],
    legs: [],
    past: [],
    stages: [],
    rang: false,
    answeredBy: null,
    answeredAt: null,
    endedAt: null,
    cause: null,
    recording: null,
    lostHangup: false,
  };
}

function directionOf(kind: CallKind, inside: Phone | undefined): CallDirection {
  if (inside === undefined && (kind === 'internal' || kind === 'outbound'))
    throw new OrderError(`a call of the kind ${kind} begins at an extension`);
  if (inside !== undefined && kind === 'inbound')
    throw new OrderError(`${inside.number} is an extension; an inbound call comes from outside`);
  if (kind === 'outbound') return 'outbound';
  return inside === undefined ? 'inbound' : 'internal';
}

function targetsOf({ kind, to, members }: OpenPlan, phones: ReadonlyMap<string, Phone>): readonly string[] {
  if (kind === 'queue' || kind === 'group' || kind === 'conference') {
    if (members === undefined || members.length === 0) throw new OrderError(`a ${kind} needs members`);
    const stranger = members.find((member) => !phones.has(member));
    if (stranger !== undefined) throw new OrderError(`${stranger} is not an extension`);
    return members;
  }
  const inside = phones.has(to) || to.startsWith('*');
  if (kind === 'outbound' && inside)
    throw new OrderError(`${to} is an extension; an outbound call goes outside`);
  if (kind !== 'outbound' && !inside) throw new OrderError(`${to} is not an extension`);
  return [to];
}
