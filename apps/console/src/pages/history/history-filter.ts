import type { Query } from '../../api/api.ts';

export const ranges = ['1h', '24h', '7d', '30d', 'all', 'custom'] as const;
export type Range = (typeof ranges)[number];
export const directions = ['inbound', 'outbound', 'internal'] as const;

const hour = 3_600_000;
const rangeMs: Readonly<Partial<Record<Range, number>>> = {
  '1h': hour,
  '24h': 24 * hour,
  '7d': 7 * 24 * hour,
  '30d': 30 * 24 * hour,
};
/** So that two who look within the same minute ask for the same. */
const minute = 60_000;
const textMax = 64;

/** All causes that are ours. */
export const ourCauses = ['pbx_disconnected', 'pbx_restarted', 'reconciled', 'timeout_cleanup'] as const;

/** What the history is narrowed to. It lives in the address. */
export interface HistoryFilter {
  readonly range: Range;
  /** Of `custom`; ISO 8601 in UTC. */
  readonly from: string | null;
  readonly to: string | null;
  readonly extension: string;
  /** How a number begins, or behind `*` how it ends. */
  readonly number: string;
  readonly direction: (typeof directions)[number] | null;
  readonly cause: string | null;
  readonly pbx: string | null;
}

export const noFilter: HistoryFilter = {
  range: '24h',
  from: null,
  to: null,
  extension: '',
  number: '',
  direction: null,
  cause: null,
  pbx: null,
};

/** What an address says; what it says wrongly counts as not said. */
export function readFilter(params: URLSearchParams): HistoryFilter {
  const [from, to] = [instantOf(params.get('from')), instantOf(params.get('to'))];
  const range = ranges.find((one) => one === params.get('range'));
  const cause = params.get('cause') ?? '';
  const pbx = params.get('pbx') ?? '';
  return {
    range: from !== null || to !== null ? 'custom' : (range ?? noFilter.range),
    from,
    to,
    extension: (params.get('extension') ?? '').trim().slice(0, textMax),
    number: (params.get('number') ?? '').trim().slice(0, textMax),
    direction: directions.find((one) => one === params.get('direction')) ?? null,
    cause: /^[a-z_]{1,40}$/.test(cause) ? cause : null,
    pbx: /^[0-9a-f-]{36}$/i.test(pbx) ? pbx : null,
  };
}

/** The same as an address, with nothing in it that is as it would be anyway. */
export function writeFilter(filter: HistoryFilter): URLSearchParams {
  const params = new URLSearchParams();
  const { range, from, to, extension, number, direction, cause, pbx } = filter;
  if (range === 'custom') {
    if (from !== null) params.set('from', from);
    if (to !== null) params.set('to', to);
    if (from === null && to === null) params.set('range', range);
  } else if (range !== noFilter.range) params.set('range', range);
  for (const [name, value] of Object.entries({ extension, number, direction, cause, pbx })) {
    if (value !== null && value !== '') params.set(name, value);
  }
  return params;
}

/** What the API is asked for. */
export function queryOf(filter: HistoryFilter, now: number): Query {
  const { range, from, to, extension, number, direction, cause, pbx } = filter;
  const ms = rangeMs[range];
  const isEnd = number.startsWith('*');
  const digits = isEnd ? number.slice(1) : number;
  return {
    status: 'ended',
    from: ms === undefined ? from : new Date(Math.floor((now - ms) / minute) * minute).toISOString(),
    to,
    extension,
    [isEnd ? 'numberEndsWith' : 'numberStartsWith']: digits,
    direction,
    cause: cause === 'ours' ? ourCauses : cause,
    pbx,
  };
}

/** Whether anything but the time narrows it. */
export const isNarrowed = (filter: HistoryFilter): boolean =>
  writeFilter({ ...filter, range: noFilter.range, from: null, to: null }).size > 0;

export const isBackwards = ({ from, to }: Pick<HistoryFilter, 'from' | 'to'>): boolean =>
  from !== null && to !== null && Date.parse(from) >= Date.parse(to);

function instantOf(text: string | null): string | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
