import { isFields, isKey, textOf, type Fields } from './fields.ts';
import { memberStatuses, type Member, type MemberSide, type MemberStatus } from './frames.ts';
import { UnreadableError } from './unreadable-error.ts';

/** No call has so many; a frame that lists more is broken. */
const MEMBERS_MAX = 256;

/** Members of a call, from an event or from a list. Each element holds one typed key; several are several members. */
export function readMembers(value: unknown): Member[] {
  if (!Array.isArray(value)) throw new UnreadableError('members: expected a list');
  if (value.length > MEMBERS_MAX) throw new UnreadableError(`members: more than ${MEMBERS_MAX}`);
  const members: Member[] = [];
  for (const element of value as unknown[]) readElement(element, members);
  return members;
}

function readElement(element: unknown, members: Member[]): void {
  if (!isFields(element)) throw new UnreadableError('members: expected objects');
  const { extension, inbound, outbound, internal } = element;
  if (isThere(extension)) members.push(readMember('extension', extension));
  if (isThere(inbound)) members.push(readMember('inbound', inbound));
  if (isThere(outbound)) members.push(readMember('outbound', outbound));
  if (isThere(internal)) members.push(readMember('internal', internal));
}

const isThere = (fields: unknown): boolean => fields !== undefined && fields !== null;

function readMember(side: MemberSide, fields: unknown): Member {
  if (!isFields(fields)) throw new UnreadableError(`members: ${side}: expected an object`);
  const channel = textOf(fields.channel_id);
  if (!isKey(channel)) throw new UnreadableError(`members: ${side}: channel_id is no name of a channel`);
  return {
    side,
    channel,
    number: side === 'extension' ? readNumber(fields) : '',
    from: textOf(fields.from),
    to: textOf(fields.to),
    trunk: textOf(fields.trunk_name),
    path: textOf(fields.call_path),
    status: statusOf(fields.member_status),
  };
}

function readNumber(fields: Fields): string {
  const number = textOf(fields.number);
  if (!isKey(number)) throw new UnreadableError('members: extension: number is no extension number');
  return number;
}

const statuses: ReadonlyMap<unknown, MemberStatus> = new Map(
  memberStatuses.map((status) => [status, status]),
);

/** Nearly always the plain word; blanks and other cases cost only whoever sends them. */
const statusOf = (value: unknown): MemberStatus | null =>
  statuses.get(value) ?? statuses.get(textOf(value).toUpperCase()) ?? null;
