import type { Principal } from '@trunkline/access';
import { findByNumber, type Caller } from '@trunkline/contacts';
import type { ListedCall, Transaction } from '@trunkline/database';

export type Named<Call> = Call & {
  readonly callerContact: Caller | null;
  readonly calleeContact: Caller | null;
};

/** Adds to calls whom their numbers belong to now, for whoever may see contacts: also where the numbers themselves are masked. */
export async function nameCallers<Call extends Pick<ListedCall, 'callerNumber' | 'calleeNumber'>>(
  transaction: Transaction,
  { scopes }: Principal,
  calls: readonly Call[],
): Promise<Named<Call>[]> {
  const numbers = calls.flatMap(({ callerNumber, calleeNumber }) =>
    [callerNumber ?? [], calleeNumber ?? []].flat(),
  );
  const known =
    scopes.has('contacts:read') && numbers.length > 0 ? await findByNumber(transaction, numbers) : null;
  const callerOf = (number: string | null): Caller | null =>
    number === null ? null : (known?.get(number) ?? null);
  return calls.map((call) => ({
    ...call,
    callerContact: callerOf(call.callerNumber),
    calleeContact: callerOf(call.calleeNumber),
  }));
}
