import type { CallDirection } from '../../contract/ledger.ts';
import type { Call } from '../../telephony/call.ts';
import { isReached } from '../../telephony/derive-call.ts';
import type { Phone } from '../../telephony/phone.ts';
import type { CallLog, LogRow } from './call-log.ts';
import { reply, type YeastarReply } from './errors.ts';
import { memberOf } from './members.ts';

const PAGE_SIZE_MAX = 10_000;
const PAGE_SIZE = 20;

interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

function pageOf<Row>(all: readonly Row[], query: URLSearchParams): Page<Row> | null {
  const page = wholeNumber(query.get('page'), 1);
  const size = wholeNumber(query.get('page_size'), PAGE_SIZE);
  if (page === null || size === null || page < 1 || size < 1 || size > PAGE_SIZE_MAX) return null;
  return { total: all.length, rows: all.slice((page - 1) * size, page * size) };
}

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function listReply<Row>(
  all: readonly Row[],
  query: URLSearchParams,
  render: (row: Row) => object,
): YeastarReply {
  const page = pageOf(all, query);
  if (page === null) return reply('parameter');
  return reply('success', { total_number: page.total, data: page.rows.map(render) });
}

export function extensionList(phones: readonly Phone[], query: URLSearchParams): YeastarReply {
  const sorted = query.get('order_by') === 'desc' ? phones.toReversed() : phones;
  return listReply(sorted, query, (phone) => ({
    id: Number(phone.number),
    number: phone.number,
    caller_id_name: phone.name,
    role_name: 'Employee',
    email_addr: '',
    mobile_number: '',
    presence_status: phone.doNotDisturb ? 'do_not_disturb' : 'available',
    custom_presence_status: '',
    online_status: onlineStatusOf(phone),
  }));
}

function onlineStatusOf({ registered }: Phone): object {
  const off = { status: 0, ext_dev_type: '' };
  const status = registered ? 1 : 0;
  return {
    fxs_phone: off,
    sip_phone: {
      status,
      ext_dev_type: 'SIP',
      status_list: registered ? [{ status, ext_dev_type: 'SIP' }] : [],
    },
    linkus_desktop: off,
    linkus_mobile: off,
    linkus_web: off,
  };
}

export function monitorList(phones: readonly Phone[], query: URLSearchParams): YeastarReply {
  return listReply(phones, query, ({ number, name }) => ({
    ext_id: Number(number),
    number,
    name,
    enb_register_status: 1,
    enb_call_status: 1,
    enb_presence_status: 1,
  }));
}

/** Live calls by direction, id or extension. Where there are none, the answer is an error code of its own. */
export function queryCalls(open: Iterable<Call>, query: URLSearchParams): YeastarReply {
  const type = query.get('type')?.toLowerCase() ?? null;
  const key = query.get('call_id');
  const extension = query.get('extension');
  if (type !== null && !isDirection(type)) return reply('parameter');
  const calls = [...open].filter(
    (call) =>
      isReached(call) &&
      (type === null || call.direction === type) &&
      (key === null || call.key === key) &&
      (extension === null || call.legs.some((leg) => leg.extension === extension)),
  );
  if (calls.length === 0) return reply('notFound');
  const data = calls.map((call) => ({
    call_id: call.key,
    members: call.legs.map((leg) => memberOf(leg, call)),
  }));
  return reply('success', { data });
}

function isDirection(text: string): text is CallDirection {
  return text === 'inbound' || text === 'outbound' || text === 'internal';
}

export function searchLog(log: CallLog, query: URLSearchParams): YeastarReply {
  const from = query.get('start_time');
  const to = query.get('end_time');
  // Only seconds since 1970: anything else, a date too, is refused.
  if ([from, to].some((time) => time === null || !/^\d+$/.test(time))) return reply('parameter');
  const rows = log.rows.filter((row) => row.at >= Number(from) * 1000 && row.at <= Number(to) * 1000 + 999);
  return listReply(rows, query, logRow);
}

export function listLog(log: CallLog, query: URLSearchParams): YeastarReply {
  return listReply(log.rows, query, logRow);
}

function logRow({ id, at, details }: LogRow): object {
  return {
    id,
    new_id: `${details.uid}-${id}`,
    time: details.time_start,
    timestamp: Math.floor(at / 1000),
    uid: details.uid,
    call_id: details.call_id,
    call_from: details.call_from,
    call_from_number: details.call_from,
    call_to: details.call_to,
    call_to_number: details.call_to,
    call_type: details.type,
    disposition: details.status,
    duration: details.call_duration,
    ring_duration: details.call_duration - details.talk_duration,
    talk_duration: details.talk_duration,
    record_file: details.recording,
    did_number: details.did_number,
    src_trunk: details.src_trunk_name,
    dst_trunk: details.dst_trunk_name,
  };
}

export function recordingList(log: CallLog, query: URLSearchParams): YeastarReply {
  return listReply(log.recordings, query, ({ id, details }) => ({
    id,
    time: details.time_start,
    uid: details.uid,
    call_from: details.call_from,
    call_to: details.call_to,
    duration: details.talk_duration,
    size: 16_044,
    call_type: details.type,
    file: details.recording,
  }));
}
