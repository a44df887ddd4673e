import type { TenantId } from '@trunkline/domain';
import type { Changes } from '../writes/changes.ts';
import type { Posting } from './post-outbox.ts';

/** Changed rows by kind: the kind becomes the name of their array in the message. */
export type ChangesByKind = Readonly<Record<string, readonly Changes[]>>;

/** One message for each tenant that anything changed for. */
export function changesToPostings(changes: ChangesByKind): Posting[] {
  const rows = new Map<TenantId, Map<string, string[]>>();
  for (const [kind, changed] of Object.entries(changes)) {
    for (const change of changed) {
      const kinds = getOrAdd(rows, change.tenant, () => new Map<string, string[]>());
      getOrAdd(kinds, kind, () => []).push(change.rows);
    }
  }
  return [...rows].map(([tenant, kinds]) => ({ tenant, payload: payloadOf(kinds) }));
}

const payloadOf = (kinds: ReadonlyMap<string, readonly string[]>): string =>
  `{${[...kinds].map(([kind, rows]) => `${JSON.stringify(kind)}:[${rows.join(',')}]`).join(',')}}`;

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
