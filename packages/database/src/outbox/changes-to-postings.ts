import type { TenantId } from '@trunkline/domain';
import type { Changes } from '../writes/changes.ts';
import type { MessageType } from './message-types.ts';
import type { Posting } from './post-outbox.ts';

/** Written rows by the type of message that tells of them: the type becomes the name of their array in the message. */
export type ChangesByType = Readonly<
  Partial<Record<MessageType, readonly Pick<Changes, 'tenant' | 'rows'>[]>>
>;

/**
 * A message is closed before it grows beyond this, so that no receiver ever has to take a whole cleanup in one piece. One
 * piece of rows may be larger by itself; it holds few hundred rows at most.
 */
const payloadLettersMax = 256 * 1024;

/** One message for each tenant that anything changed for, or several where one would be too large. */
export function changesToPostings(changes: ChangesByType): Posting[] {
  const drafts = new Map<TenantId, Draft[]>();
  for (const [type, changed] of Object.entries(changes)) {
    for (const { tenant, rows } of changed) {
      const own = getOrAdd(drafts, tenant, () => []);
      const last = own.at(-1);
      if (last === undefined || last.letters + rows.length > payloadLettersMax) own.push(draftOf(type, rows));
      else add(last, type, rows);
    }
  }
  return [...drafts].flatMap(([tenant, own]) => own.map((draft) => ({ tenant, payload: payloadOf(draft) })));
}

/** The rows of a tenant's calls, phones or recordings, told apart by whether they are new. */
export function byNovelty(changes: readonly Changes[]): {
  readonly fresh: Changes[];
  readonly changed: Changes[];
} {
  return { fresh: changes.filter(({ isNew }) => isNew), changed: changes.filter(({ isNew }) => !isNew) };
}

interface Draft {
  letters: number;
  readonly types: Map<string, string[]>;
}

const draftOf = (type: string, rows: string): Draft => ({
  letters: rows.length,
  types: new Map([[type, [rows]]]),
});

function add(draft: Draft, type: string, rows: string): void {
  draft.letters += rows.length;
  getOrAdd(draft.types, type, () => []).push(rows);
}

const payloadOf = ({ types }: Draft): string =>
  `{${[...types].map(([type, rows]) => `${JSON.stringify(type)}:[${rows.join(',')}]`).join(',')}}`;

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
