import type { CallRow } from '@trunkline/realtime-client';

/** Whose calls open a dialog here. */
export interface Watched {
  /** Phones of the person at this screen: `1042`, or `<pbx>/1042` where several PBXs have one. */
  readonly mine: readonly string[];
  /** Those of all others open a dialog as well. */
  readonly followsAll: boolean;
  /** And ring. */
  readonly ringsForAll: boolean;
}

export interface Rung {
  readonly phone: string;
  readonly isHeard: boolean;
}

/** Which of the watched phones a call rings, and whether that is heard. Null: none. Whoever calls is not rung. */
export function rungPhoneOf(call: CallRow, { mine, followsAll, ringsForAll }: Watched): Rung | null {
  if (call.status !== 'ringing' || call.direction === 'outbound') return null;
  const rung = call.extensions.filter((phone) => phone !== call.callerNumber);
  const own = rung.find((phone) => mine.includes(phone) || mine.includes(`${call.pbx}/${phone}`));
  if (own !== undefined) return { phone: own, isHeard: true };
  const [other] = rung;
  return followsAll && other !== undefined ? { phone: other, isHeard: ringsForAll } : null;
}
