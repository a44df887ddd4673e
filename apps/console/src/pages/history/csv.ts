import { causeWord, directionWord, isClosedByUs, statusWord } from '../../calls/call-words.ts';
import type { ListedCall } from '../../calls/listed-call.ts';
import { isoInZone } from '../../time/local-time.ts';
import type { Zone } from '../../time/moment.ts';
import { historyCopy } from './copy.ts';

const { columns } = historyCopy.export;

/** A file that spreadsheets read as UTF-8. */
export const csvOf = (calls: readonly ListedCall[], zone: Zone): string =>
  `\uFEFF${[columns, ...calls.map((call) => cellsOf(call, zone))].map(lineOf).join('')}`;

function cellsOf(call: ListedCall, zone: Zone): string[] {
  const time = (at: string | null): string => (at === null ? '' : isoInZone(Date.parse(at), zone));
  return [
    time(call.startedAt),
    time(call.answeredAt),
    time(call.endedAt),
    statusWord(call.status),
    call.cause === null ? '' : causeWord(call.cause),
    isClosedByUs(call.cause) ? 'yes' : 'no',
    call.talkSeconds === null ? '' : String(call.talkSeconds),
    call.direction === null ? '' : directionWord(call.direction),
    call.callerNumber ?? '',
    call.callerName ?? '',
    call.calleeNumber ?? '',
    call.calleeName ?? '',
    call.did ?? '',
    call.extensions.join(' '),
    call.trunk ?? '',
    call.pbxName,
    call.call,
  ];
}

const lineOf = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`;

/** What a number may look like without being taken for a formula. */
const plainNumber = /^\+?[\d *#.()-]+$/;

/** Names and numbers come from strangers: what a spreadsheet would carry out is told as text. */
export function cellOf(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !(text.startsWith('+') && plainNumber.test(text));
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
