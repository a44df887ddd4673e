import type { ContactImport } from '../api/answers.ts';

/** How far an import is, of what push or the API said last. */
export interface ImportProgress {
  /** From 0 to 1, by the bytes of the file. */
  readonly share: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Before that a rate says nothing. */
const settleSeconds = 2;

export function progressOf(
  { bytes, bytesDone, rowsDone, startedAt, finishedAt }: ContactImport,
  now: number,
): ImportProgress {
  const share = bytes === 0 ? 0 : Math.min(1, bytesDone / bytes);
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  const seconds = startedAt === null ? 0 : (end - Date.parse(startedAt)) / 1_000;
  if (seconds < settleSeconds || share === 0) return { share, rowsPerSecond: null, secondsLeft: null };
  return {
    share,
    rowsPerSecond: rowsDone / seconds,
    secondsLeft: finishedAt === null ? (seconds / share) * (1 - share) : null,
  };
}

/** `40 s`, `3 min`, `2 h`. */
export function roughTime(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
