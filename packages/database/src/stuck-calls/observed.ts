import { column, type Column } from '../columns.ts';
import type { OpenCall } from './open-call.ts';

/** Calls that were looked at, as they travel back to the database. */
export const observed: readonly Column<OpenCall>[] = [
  column('pbx_id', 'uuid', (call: OpenCall) => call.pbx),
  column('call_key', 'text', (call: OpenCall) => call.call),
  column('word_as_of', 'bigint', (call: OpenCall) => call.word.asOf),
  column('word_said', 'bigint', (call: OpenCall) => call.word.said),
  column('word_rank', 'smallint', (call: OpenCall) => call.word.rank),
];

/** A call's place as one string, for sets and maps. */
export const placed = ({ pbx, call }: { readonly pbx: string; readonly call: string }): string =>
  `${pbx} ${call}`;
