import type { SaidCause } from './hangup-cause.ts';

const byQ850: Readonly<Record<number, SaidCause>> = {
  1: 'bad_number',
  3: 'bad_number',
  16: 'normal',
  17: 'busy',
  18: 'no_answer',
  19: 'no_answer',
  20: 'offline',
  21: 'rejected',
  26: 'answered_elsewhere',
  27: 'network',
  28: 'bad_number',
  31: 'normal',
  34: 'congestion',
  38: 'network',
  41: 'network',
  42: 'congestion',
  44: 'congestion',
  57: 'not_allowed',
  102: 'timer',
};

/** [CAUSE3] Asterisk and FreeSWITCH speak ITU-T Q.850 numbers. 0 is what they say when nobody told them. */
export const causeFromQ850 = (code: number): SaidCause => byQ850[code] ?? (code === 0 ? 'unknown' : 'failed');

const bySip: Readonly<Record<number, SaidCause>> = {
  403: 'not_allowed',
  404: 'bad_number',
  408: 'no_answer',
  410: 'bad_number',
  480: 'offline',
  484: 'bad_number',
  486: 'busy',
  487: 'abandoned',
  503: 'congestion',
  600: 'busy',
  603: 'rejected',
  604: 'bad_number',
};

/** [CAUSE4] The SIP answer that refused a call. */
export function causeFromSip(code: number): SaidCause {
  const known = bySip[code];
  if (known !== undefined) return known;
  return code >= 500 && code < 600 ? 'network' : 'failed';
}

/** Whole answers of a call detail record, compared without regard to case, spaces and underscores. */
const byDisposition: ReadonlyMap<string, SaidCause> = new Map([
  ['answered', 'normal'],
  ['answer', 'normal'],
  ['noanswer', 'no_answer'],
  ['busy', 'busy'],
  ['voicemail', 'voicemail'],
  ['abandoned', 'abandoned'],
  ['cancel', 'abandoned'],
  ['congestion', 'congestion'],
  ['chanunavail', 'offline'],
  ['failed', 'failed'],
]);

/** [CAUSE5] How a call detail record or a dial attempt says that it went. */
export const causeFromDisposition = (disposition: string): SaidCause =>
  byDisposition.get(disposition.toLowerCase().replace(/[\s_-]/g, '')) ?? 'unknown';

/** Keywords of free-text reasons; the first that occurs decides, so the more telling ones stand first. */
const byKeyword: readonly (readonly [RegExp, SaidCause])[] = [
  [/permission|restrict/i, 'not_allowed'],
  [/congestion/i, 'congestion'],
  [/\bdnd\b|do not disturb/i, 'busy'],
  [/unreachable|unavailable/i, 'offline'],
  [/busy/i, 'busy'],
  [/decline|reject/i, 'rejected'],
  [/not found|incomplete|gone/i, 'bad_number'],
  [/timeout|no answer/i, 'no_answer'],
];

/** [CAUSE6] A reason in words: its leading SIP number decides where it has one, else the first keyword it holds. */
export function causeFromReason(reason: string): SaidCause {
  const code = /^\s*(\d{3})\b/.exec(reason)?.[1];
  if (code !== undefined) return causeFromSip(Number(code));
  return byKeyword.find(([keyword]) => keyword.test(reason))?.[1] ?? 'failed';
}
