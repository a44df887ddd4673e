/** A stretch of versions in which a call counted as open, up to the next word about it. */
export interface OpenSpan {
  readonly from: string;
  /** Null for the last one. */
  readonly to: string | null;
}

/** What ends a call: the PBX, or a sweep, which writes into the same trail. */
const endings = new Set(['call.ended', 'sweep.ended']);

/** The stretches between one word and the next in which a lost link would have ended the call. */
export function openSpans(trail: readonly { readonly type: string; readonly version: string }[]): OpenSpan[] {
  return trail.flatMap(({ type, version }, index) =>
    endings.has(type) ? [] : [{ from: version, to: trail[index + 1]?.version ?? null }],
  );
}
