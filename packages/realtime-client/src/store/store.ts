import type { DataType } from '@trunkline/realtime-protocol';
import type { Environment } from '../environment/environment.ts';
import { Table } from './table.ts';
import {
  isNewer,
  keyOf,
  rowsMax,
  things,
  type Row,
  type Thing,
  type ThingRule,
  type Things,
} from './things.ts';
import { Tombstones } from './tombstones.ts';

/** An ended call stays so long, that people see how it ended. */
export const endedLingerMs = 5_000;

export type RowsByTypeName = { readonly [Type in DataType]?: readonly object[] };

export type Store = ReturnType<typeof createStore>;

/**
 * What is known of calls, phones and the rest, one row a thing. Rows merge by their revision, in whatever order and however
 * often they come; what was merged is shown once a frame. Which topic told of a row is kept, since a snapshot replaces all
 * that its topic told.
 */
export function createStore(environment: Environment) {
  const tables = new Map<Thing, Table<Thing>>();
  const toldBy = new Map<string, Map<Thing, Set<string>>>();
  const tombstones = new Tombstones();
  const leaving: { readonly key: string; readonly due: number }[] = [];
  let leaveTimer: unknown;
  let flushing = false;

  function tableOf<Name extends Thing>(name: Name): Table<Name> {
    const table = tables.get(name) ?? new Table<Thing>();
    tables.set(name, table);
    return table as unknown as Table<Name>;
  }

  /** Whether the row told anything new. */
  function merge(topic: string, type: string, row: object, trusted = false): boolean {
    const rule = things[type];
    if (rule === undefined) return true;
    const key = keyOf(rule, row);
    const table = tableOf(rule.name);
    const known = table.latest(key);
    const told = mark(topic, rule.name, key, concernsTopic(topic, row));
    if (known !== undefined && !trusted && !isNewer(rule.order, row, known)) return false;
    if (known === undefined && tombstones.covers(rule, key, row, environment.now())) return false;
    const ended = rule.name === 'call' && (row as { readonly status?: string }).status === 'ended';
    if (ended && known === undefined) {
      // It came and went unseen: it happened, but there is nothing to show.
      bury(rule, key, row);
      return true;
    }
    // Some fields are told in snapshots only.
    table.put(key, told ? ({ ...known, ...row } as Row) : null);
    if (ended) letLeave(key);
    flushSoon();
    return true;
  }

  /** What a topic told is replaced by a snapshot. `trusted`: it counts also where it knows less than we do. */
  function replace(topic: string, rows: RowsByTypeName, trusted: boolean): void {
    const before = toldBy.get(topic);
    toldBy.delete(topic);
    for (const [type, some] of Object.entries(rows)) {
      for (const row of some) merge(topic, type, row, trusted);
    }
    dropUntold(before);
  }

  /** Nobody listens to the topic any more. */
  function forget(topic: string): void {
    const before = toldBy.get(topic);
    toldBy.delete(topic);
    dropUntold(before);
  }

  function dropUntold(before: Map<Thing, Set<string>> | undefined): void {
    for (const [name, keys] of before ?? []) {
      const table = tableOf(name);
      for (const key of keys) {
        const row = table.latest(key) as { readonly status?: string } | undefined;
        if (row !== undefined && row.status !== 'ended' && !isTold(name, key)) table.put(key, null);
      }
    }
    flushSoon();
  }

  const isTold = (name: Thing, key: string): boolean =>
    toldBy.values().some((things) => things.get(name)?.has(key) === true);

  /** Notes whether the topic tells of this row. Says whether any topic does. */
  function mark(topic: string, name: Thing, key: string, tells: boolean): boolean {
    const things = toldBy.get(topic) ?? new Map<Thing, Set<string>>();
    const keys = things.get(name) ?? new Set<string>();
    toldBy.set(topic, things.set(name, keys));
    if (tells) keys.add(key);
    else keys.delete(key);
    return tells || isTold(name, key);
  }

  function remove(name: Thing, key: string): void {
    tableOf(name).put(key, null);
    for (const things of toldBy.values()) things.get(name)?.delete(key);
    flushSoon();
  }

  /** Takes away the oldest of what there is ever more of. */
  function keepWithin(): void {
    for (const [name, max] of Object.entries(rowsMax) as [Thing, number][]) {
      let excess = tableOf(name).shown.size - max;
      for (const key of tableOf(name).shown.keys()) {
        if ((excess -= 1) < 0) break;
        remove(name, key);
      }
    }
  }

  function letLeave(key: string): void {
    leaving.push({ key, due: environment.now() + endedLingerMs });
    leaveTimer ??= environment.setTimer(leave, endedLingerMs);
  }

  /** One timer for all of them: they leave in the order in which they came. */
  function leave(): void {
    leaveTimer = undefined;
    const rule = things['new_call'];
    while (leaving[0] !== undefined && leaving[0].due <= environment.now()) {
      const { key } = leaving.shift() ?? { key: '' };
      const row = tableOf('call').latest(key);
      // A call that was closed by mistake may be open again.
      if (rule !== undefined && row?.status === 'ended') bury(rule, key, row);
    }
    if (leaving[0] !== undefined)
      leaveTimer = environment.setTimer(leave, leaving[0].due - environment.now());
  }

  function bury(rule: ThingRule, key: string, row: object): void {
    tombstones.add(key, row, environment.now());
    remove(rule.name, key);
  }

  function flushSoon(): void {
    if (flushing) return;
    flushing = true;
    environment.nextFrame(flush);
  }

  /** Shows what was merged. It happens by itself once a frame. */
  function flush(): void {
    flushing = false;
    const woken = new Set([...tables.values()].flatMap((table) => (table.hasNews ? table.flush() : [])));
    for (const listener of woken) {
      try {
        listener();
      } catch (error) {
        environment.log.error('a listener of the store threw', error);
      }
    }
    keepWithin();
  }

  return {
    merge,
    replace,
    forget,
    flush,
    get: <Name extends Thing>(name: Name, key: string): Things[Name] | undefined =>
      tableOf(name).shown.get(key),
    /** Every row of a kind; the same array until one of them changes. */
    list: <Name extends Thing>(name: Name): readonly Things[Name][] => tableOf(name).list(),
    /** How many rows of a kind have each status. */
    tally: (name: Thing): Readonly<Record<string, number>> => tableOf(name).tally(),
    /** Called after a flush that changed the row with this key, or, without a key, any row of the kind. */
    subscribe: (name: Thing, listener: () => void, key?: string): (() => void) =>
      tableOf(name).subscribe(listener, key),
    /**
     * The keys of the rows that the last flush of this kind changed, for its listeners: whoever keeps something made of many
     * rows, such as an order, need not look at all of them.
     */
    changed: (name: Thing): readonly string[] => tableOf(name).changed,
    /** What was merged, shown or not. */
    latest: <Name extends Thing>(name: Name, key: string): Things[Name] | undefined =>
      tableOf(name).latest(key),
  };
}

/** [TOPIC4] The calls of a phone also tell what becomes of a call that it has left. */
function concernsTopic(topic: string, row: object): boolean {
  const { extensions } = row as { readonly extensions?: readonly string[] };
  return !topic.startsWith('calls:') || extensions?.includes(topic.slice('calls:'.length)) !== false;
}
