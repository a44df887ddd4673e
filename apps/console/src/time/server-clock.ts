/** Asked for the time of the server, which counts ages; the clock on the wall of this machine may be anything. */
export interface ServerClock {
  /** Milliseconds since 1970 by the server, as far as it is known. */
  readonly now: () => number;
  /** How far this machine's clock is off; null until the server has said anything. */
  skewMs(): number | null;
  /** An answer came: its `Date` header says the time by the second. */
  hear(date: string | null, sentAt: number, heardAt: number): void;
}

interface Clocks {
  /** Monotonic. */
  now(): number;
  wallNow(): number;
}

/** What was learned longer ago is left aside: monotonic clocks stand still while a machine sleeps. */
const goodMs = 30 * 60_000;

/**
 * Each answer says that the server's second began before it was heard and ended after it was sent. Of several answers what
 * all of them allow counts, which is soon known to some tens of milliseconds.
 */
export function createServerClock(
  clocks: Clocks = { now: () => performance.now(), wallNow: () => Date.now() },
): ServerClock {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let since = 0;
  const offset = (): number | null => (Number.isFinite(low) ? (low + high) / 2 : null);

  return {
    now() {
      const known = offset();
      return known === null ? clocks.wallNow() : clocks.now() + known;
    },
    skewMs() {
      const known = offset();
      return known === null ? null : clocks.wallNow() - (clocks.now() + known);
    },
    hear(date, sentAt, heardAt) {
      const second = date === null ? Number.NaN : Date.parse(date);
      if (Number.isNaN(second)) return;
      const [least, most] = [second - heardAt, second + 1_000 - sentAt];
      const contradicts = least > high || most < low;
      if (contradicts || heardAt - since > goodMs) {
        [low, high, since] = [least, most, heardAt];
        return;
      }
      low = Math.max(low, least);
      high = Math.min(high, most);
    },
  };
}

/** The one of this page. */
export const serverClock = createServerClock();
