import type { Fields } from './fields.ts';
import { isFields, isKey, textOf, wholeNumberOf } from './fields.ts';
import type { CallRecord } from './frames.ts';
import type { ListedCall } from './legs-options.ts';
import type { ListedExtension } from './phones.ts';
import { readSearchedRecord } from './read-call-record.ts';
import { readMembers } from './read-members.ts';
import { brokenList, readPages } from './read-pages.ts';
import type { Rest } from './rest.ts';
import { UnreadableError } from './unreadable-error.ts';

export async function readRoster(rest: Rest, signal: AbortSignal): Promise<ListedExtension[]> {
  const query = { sort_by: 'number', order_by: 'asc' };
  const rows = await readPages(rest, { name: 'extension/list', query }, signal);
  const extensions = rows.map((row) => readExtension(rest, row));
  // A list that shifts between two pages shows one row twice and another not at all, under a number that fits.
  if (new Set(extensions.map(({ number }) => number)).size < extensions.length)
    throw brokenList(rest, 'extension/list', 'names an extension twice');
  return extensions;
}

function readExtension(rest: Rest, row: Fields): ListedExtension {
  const number = textOf(row.number);
  if (!isKey(number)) throw brokenList(rest, 'extension/list', 'holds an extension without a number');
  return {
    number,
    name: textOf(row.caller_id_name),
    devices: readDevices(row.online_status),
    presence: textOf(row.presence_status).toLowerCase(),
  };
}

/** The list and the events name the same devices differently. */
const deviceNames: Readonly<Record<string, string>> = {
  sip_phone: 'sip',
  linkus_desktop: 'desktop',
  linkus_mobile: 'mobile',
  linkus_web: 'web',
  linkus_pad: 'pad',
};

function readDevices(online: unknown): Map<string, boolean> {
  const devices = new Map<string, boolean>();
  if (!isFields(online)) return devices;
  for (const [key, device] of Object.entries(online)) {
    if (!isFields(device)) continue;
    const { status_list: registrations } = device;
    const registered = Array.isArray(registrations) && registrations.some(isOnline);
    devices.set(deviceNames[key] ?? key, registered || isOnline(device));
  }
  return devices;
}

const isOnline = (device: unknown): boolean => isFields(device) && wholeNumberOf(device.status) === 1;

const directions = ['inbound', 'outbound', 'internal'] as const;

/** All calls in progress. A direction without any is answered with an error code of its own; anything else is an error. */
export async function readCalls(rest: Rest, signal: AbortSignal): Promise<ListedCall[]> {
  const lists = await Promise.all(
    directions.map((type) => rest.find({ name: 'call/query', query: { type } }, signal)),
  );
  return mergeCalls(lists.flatMap((fields) => (fields === null ? [] : readCallList(rest, fields))));
}

function readCallList(rest: Rest, fields: Fields): ListedCall[] {
  const { data } = fields;
  const total = wholeNumberOf(fields.total_number);
  if (!Array.isArray(data)) throw brokenList(rest, 'call/query', 'holds no list');
  if (total !== null && total !== data.length)
    throw brokenList(rest, 'call/query', 'has another number of calls than promised');
  return (data as unknown[]).map((row) => readCall(rest, row));
}

function readCall(rest: Rest, row: unknown): ListedCall {
  const call = isFields(row) ? textOf(row.call_id) : '';
  if (!isFields(row) || !isKey(call)) throw brokenList(rest, 'call/query', 'holds a call without a name');
  try {
    return { call, members: readMembers(row.members) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw brokenList(rest, 'call/query', `holds a call that can't be read: ${error.message}`);
  }
}

/** A call that is of two kinds at once, such as one that comes in and is sent out again, is listed under both. */
function mergeCalls(calls: readonly ListedCall[]): ListedCall[] {
  const merged = new Map<string, ListedCall>();
  for (const { call, members } of calls) {
    const known = merged.get(call)?.members ?? [];
    merged.set(call, { call, members: [...known, ...members] });
  }
  return [...merged.values()];
}

/** One call: null where the PBX says that there is none. An answer that says neither is an error. */
export async function findCall(rest: Rest, call: string, signal: AbortSignal): Promise<ListedCall | null> {
  const fields = await rest.find({ name: 'call/query', query: { call_id: call } }, signal);
  if (fields === null) return null;
  const listed = mergeCalls(readCallList(rest, fields)).find((one) => one.call === call);
  if (listed === undefined && (fields.data as unknown[]).length > 0)
    throw brokenList(rest, 'call/query', 'tells of other calls than the one asked for');
  return listed ?? null;
}

export interface SearchedRecord {
  readonly record: CallRecord;
  readonly endedAt: number;
}

/** What the PBX recorded in a stretch of time, its stages in the order in which it lists them. */
export async function searchRecords(
  rest: Rest,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<SearchedRecord[]> {
  // It takes whole seconds by its own clock, and nothing else.
  const seconds = (ms: number): string =>
    String(Math.max(0, Math.floor(rest.site.clock.toTheirs(ms) / 1000)));
  const query = { start_time: seconds(from), end_time: seconds(to) };
  const rows = await readPages(rest, { name: 'cdr/search', query }, signal);
  const now = rest.site.now();
  return rows.flatMap((row) => readRow(rest, row, now));
}

function readRow(rest: Rest, row: Fields, now: number): SearchedRecord[] {
  if (!isKey(textOf(row.call_id))) return [];
  const startedAt = wholeNumberOf(row.timestamp);
  const duration = wholeNumberOf(row.duration) ?? 0;
  const told = startedAt === null ? now : rest.site.clock.toOurs((startedAt + duration) * 1000);
  return [{ record: readSearchedRecord(row), endedAt: Math.max(0, Math.min(Math.round(told), now)) }];
}
