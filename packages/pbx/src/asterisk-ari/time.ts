const withoutColon = /([+-]\d\d)(\d\d)$/;

/** A time of ARI's, such as 2026-11-20T17:54:44.163+0000 (without a colon in the offset), in ms since 1970. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const time = Date.parse(value.replace(withoutColon, '$1:$2'));
  return Number.isNaN(time) ? null : time;
}

/** A Date header is cut to the second, so a smaller difference of the clocks can't be told from none. */
const MEASURABLE_MS = 1500;

/** What has to be added to the PBX's times to have ours. */
export function clockOffset(pbxDate: number | null, now: number): number {
  if (pbxDate === null) return 0;
  const offset = now - (pbxDate + 500);
  return Math.abs(offset) < MEASURABLE_MS ? 0 : Math.round(offset);
}
