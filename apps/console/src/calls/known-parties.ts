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

/** A call whose parties are called what people call them, and only else what the PBX does. */
export const named = <Call extends CallRow>(call: Call, known: KnownParties = {}): Call => ({
  ...call,
  callerName: nameOf(known.callerContact) ?? call.callerName,
  calleeName: nameOf(known.calleeContact) ?? call.calleeName,
});

function nameOf(party: KnownParty | null | undefined): string | null {
  if (party === null || party === undefined) return null;
  const { name, company } = party;
  return name !== null && company !== null ? `${name}, ${company}` : (name ?? company);
}
