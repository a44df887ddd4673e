/** Months of the calendar, UTC, as the audit trail is cut into. */
export interface Month {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
}

export const monthOf = (date: Date): Month => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
});

export function addMonths({ year, month }: Month, count: number): Month {
  const months = year * 12 + (month - 1) + count;
  return { year: Math.floor(months / 12), month: (((months % 12) + 12) % 12) + 1 };
}

export const isBefore = (one: Month, other: Month): boolean =>
  one.year * 12 + one.month < other.year * 12 + other.month;

export const firstDay = ({ year, month }: Month): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;

const partitionPrefix = 'call_event_';

export const partitionName = (month: Month): string =>
  partitionPrefix + firstDay(month).slice(0, 7).replace('-', '_');

/** The month of a partition, or nothing for the default partition and for tables that are not ours. */
export function monthOfPartition(name: string): Month | undefined {
  const [, year, month] = /^call_event_(\d{4})_(\d{2})$/.exec(name) ?? [];
  return year === undefined || month === undefined ? undefined : { year: Number(year), month: Number(month) };
}
