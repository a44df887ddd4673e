import type { CallRow } from '@trunkline/realtime-client';

/** The contact whom a number belongs to now, as the API adds it to calls. */
export interface KnownParty {
  readonly contact: string;
  readonly name: string | null;
  readonly company: string | null;
  readonly label: string | null;
}

export interface KnownParties {
  readonly callerContact?: KnownParty | null;
  readonly calleeContact?: KnownParty | null;
}

/** A live call with the names of contacts, which count for more than what a PBX says. */
export interface NamedCall {
  readonly knownCaller?: string | null;
  readonly knownCallee?: string | null;
}

const made = new WeakMap<CallRow, { readonly known: KnownParties; readonly call: CallRow & NamedCall }>();

/** A call whose parties are called what people call them, and only else what the PBX does. The same object for the same call and names. */
export function named<Call extends CallRow>(call: Call, known: KnownParties | undefined): Call & NamedCall {
  const knownCaller = nameOf(known?.callerContact);
  const knownCallee = nameOf(known?.calleeContact);
  if (known === undefined || (knownCaller ?? knownCallee) === null) return call;
  const before = made.get(call);
  if (before?.known === known) return before.call as Call & NamedCall;
  const { callerName, calleeName } = call;
  const after = {
    ...call,
    knownCaller,
    knownCallee,
    callerName: knownCaller ?? callerName,
    calleeName: knownCallee ?? calleeName,
  };
  made.set(call, { known, call: after });
  return after;
}

function nameOf(party: KnownParty | null | undefined): string | null {
  if (party === null || party === undefined) return null;
  const { name, company } = party;
  return name !== null && company !== null ? `${name}, ${company}` : (name ?? company);
}
