import type { CallRow, ExtensionRow } from '@trunkline/realtime-client';
import { countedOf, emptyCounts, type Counts } from './counts.ts';
import { phoneKey, phoneOf, type Phone, type PhoneState } from './phone.ts';

/** What of the board is wanted. */
export interface BoardView {
  /** Part of a number or a name. */
  readonly text: string;
  /** One group, or null for all. */
  readonly group: string | null;
  /** Empty: all. */
  readonly states: readonly PhoneState[];
  readonly groupBy: 'pbx' | 'range';
  readonly order: 'number' | 'name';
}

export const wholeBoard: BoardView = { text: '', group: null, states: [], groupBy: 'pbx', order: 'number' };

export interface Section {
  readonly id: string;
  readonly pbx: string;
  /** `1000`: the hundred it holds, where phones are grouped by that. */
  readonly range: string | null;
  /** Phones in order. */
  readonly keys: readonly string[];
}

export interface BoardSource {
  extension(key: string): ExtensionRow | undefined;
  call(key: string): CallRow | undefined;
}

export type Board = ReturnType<typeof createBoard>;

/**
 * Phones, their calls, their order and their counts, kept as rows change. Nothing is counted by looking at all phones, and
 * the order is made anew only where a phone comes, goes or is called something else, or the view is another one.
 */
export function createBoard(source: BoardSource) {
  const phones = new Map<string, Phone>();
  /** Open calls by the phones that take part. */
  const callsOf = new Map<string, Map<string, CallRow>>();
  const partiesOf = new Map<string, readonly string[]>();
  /** Phones that match the text and the group; what is counted. */
  const matched = new Set<string>();
  const engaged = new Set<string>();
  const countsByPbx = new Map<string, Counts>();
  let counts: Counts = emptyCounts;
  let view = wholeBoard;
  let sections: readonly Section[] | null = null;

  /** What these keys of extensions and calls are now. Says which phones look different. */
  function apply(extensions: readonly string[], calls: readonly string[]): Set<string> {
    const concerned = new Set(extensions);
    for (const key of calls) for (const phone of moveCall(key)) concerned.add(phone);
    const changed = new Set<string>();
    for (const key of concerned) if (refresh(key)) changed.add(key);
    return changed;
  }

  /** Puts a call at the phones that take part now, and takes it from those that don't. */
  function moveCall(key: string): Set<string> {
    const row = source.call(key);
    const before = partiesOf.get(key) ?? [];
    const now =
      row === undefined || row.status === 'ended' ? [] : row.extensions.map((one) => phoneKey(row.pbx, one));
    for (const phone of before) {
      const theirs = callsOf.get(phone);
      theirs?.delete(key);
      if (theirs?.size === 0) callsOf.delete(phone);
    }
    for (const phone of now) {
      const theirs = callsOf.get(phone) ?? new Map<string, CallRow>();
      if (row !== undefined) callsOf.set(phone, theirs.set(key, row));
    }
    if (now.length > 0) partiesOf.set(key, now);
    else partiesOf.delete(key);
    return new Set([...before, ...now]);
  }

  function refresh(key: string): boolean {
    const row = source.extension(key);
    const before = phones.get(key);
    if (row === undefined) {
      if (before === undefined) return false;
      phones.delete(key);
      take(before);
      sections = null;
      return true;
    }
    const after = phoneOf(row, [...(callsOf.get(key)?.values() ?? [])], before);
    if (after === before) return false;
    phones.set(key, after);
    if (before !== undefined) take(before);
    put(after);
    const moved = before === undefined || before.name !== after.name;
    if (moved || (view.states.length > 0 && before.status !== after.status)) sections = null;
    return true;
  }

  function put(phone: Phone): void {
    if (isEngaged(phone.status)) engaged.add(phone.key);
    if (!matches(phone, view)) return;
    matched.add(phone.key);
    count(phone, 1);
  }

  function take(phone: Phone): void {
    engaged.delete(phone.key);
    if (matched.delete(phone.key)) count(phone, -1);
  }

  function count({ pbx, status }: Phone, by: 1 | -1): void {
    counts = countedOf(counts, status, by);
    countsByPbx.set(pbx, countedOf(countsByPbx.get(pbx) ?? emptyCounts, status, by));
  }

  /** Another view: the one time at which all phones are looked at. */
  function look(next: BoardView): void {
    const { text, group, groupBy } = view;
    const same = text === next.text && group === next.group && groupBy === next.groupBy;
    view = next;
    sections = null;
    if (same) return;
    matched.clear();
    countsByPbx.clear();
    counts = emptyCounts;
    for (const phone of phones.values()) {
      if (!matches(phone, view)) continue;
      matched.add(phone.key);
      count(phone, 1);
    }
  }

  function arrange(): readonly Section[] {
    const groups = new Map<string, { pbx: string; range: string | null; phones: Phone[] }>();
    for (const key of matched) {
      const phone = phones.get(key);
      if (phone === undefined || !isWanted(phone, view)) continue;
      const { id, range } = groupOf(phone, view.groupBy);
      const group = groups.get(id) ?? { pbx: phone.pbx, range, phones: [] };
      groups.set(id, group);
      group.phones.push(phone);
    }
    const compare = view.order === 'name' ? byName : byNumber;
    return [...groups]
      .map(([id, { pbx, range, phones }]) => ({
        id,
        pbx,
        range,
        keys: phones.sort(compare).map(({ key }) => key),
      }))
      .sort((a, b) => naturally.compare(a.range ?? '', b.range ?? '') || naturally.compare(a.id, b.id));
  }

  return {
    apply,
    look,
    phone: (key: string): Phone | undefined => phones.get(key),
    /** What matches the text and the group, by state; whatever states are wanted. */
    counts: (): Counts => counts,
    countsOf: (pbx: string): Counts => countsByPbx.get(pbx) ?? emptyCounts,
    size: (): number => phones.size,
    /** Phones in order; the same array until it changes. */
    sections: (): readonly Section[] => (sections ??= arrange()),
    /** Phones that ring or talk, of those that match. */
    engaged: (): Phone[] =>
      [...engaged].flatMap((key) => {
        const phone = matched.has(key) ? phones.get(key) : undefined;
        return phone === undefined ? [] : [phone];
      }),
  };
}

const isEngaged = (status: PhoneState): boolean => status === 'ringing' || status === 'incall';

const isWanted = ({ status }: Phone, { states }: BoardView): boolean =>
  states.length === 0 || states.includes(status);

function matches(phone: Phone, { text, group, groupBy }: BoardView): boolean {
  if (group !== null && groupOf(phone, groupBy).id !== group && phone.pbx !== group) return false;
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '') return true;
  return phone.number.includes(wanted) || (phone.name ?? '').toLocaleLowerCase().includes(wanted);
}

/** A PBX, or the hundred of a PBX that a number lies in: 1042 is one of 1000 to 1099. */
export function groupOf(
  { pbx, number }: Pick<Phone, 'pbx' | 'number'>,
  by: BoardView['groupBy'],
): { readonly id: string; readonly range: string | null } {
  if (by === 'pbx') return { id: pbx, range: null };
  const range = /^\d{3,}$/.test(number) ? `${number.slice(0, -2)}00` : '';
  return { id: `${pbx}:${range}`, range };
}

const naturally = new Intl.Collator('en', { numeric: true });
const byNumber = (a: Phone, b: Phone): number => naturally.compare(a.number, b.number);
/** Who has no name comes last. */
const byName = (a: Phone, b: Phone): number =>
  Number(a.name === null) - Number(b.name === null) ||
  naturally.compare(a.name ?? '', b.name ?? '') ||
  byNumber(a, b);
