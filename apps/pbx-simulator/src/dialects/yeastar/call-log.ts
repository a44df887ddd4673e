import type { Call } from '../../telephony/call.ts';
import type { Details } from './details.ts';

export interface LogRow {
  readonly id: number;
  readonly at: number;
  readonly details: Details;
}

/** Rows kept; the oldest go. */
const ROWS_MAX = 10_000;

/** The calls that are over, a row a stage, and the recordings of those that were recorded. */
export class CallLog {
  readonly rows: LogRow[] = [];
  #nextId = 1;

  add(call: Call, details: readonly Details[], at: (realMs: number) => number): void {
    for (const one of details) {
      this.rows.push({ id: this.#nextId, at: at(call.startedAt), details: one });
      this.#nextId += 1;
    }
    if (this.rows.length > ROWS_MAX) this.rows.splice(0, this.rows.length - ROWS_MAX);
  }

  get recordings(): LogRow[] {
    return this.rows.filter((row) => row.details.recording !== '');
  }
}
