import { placeOf, type LifecycleEvent } from '@trunkline/domain';

/**
 * Times of which something may not have been heard, or was heard and lost: from the last word before a lost link, another
 * holder or a missing number, to the next snapshot of the state after it. A snapshot is no such word: PBXs give it by another way, also while their
 * socket has fallen silent. Takes what was said of one PBX in the order of its versions.
 */
export function unheard(events: readonly LifecycleEvent[]): [number, number][] {
  const gaps: [number, number][] = [];
  let last: LifecycleEvent | undefined;
  let heardAt = 0;
  let open: { readonly since: number; readonly asOf: bigint } | null = { since: 0, asOf: 0n };
  for (const event of events) {
    const isNext = last !== undefined && event.version === last.version + 1n;
    if (!isNext || event.type === 'link.disconnected') {
      open = { since: open?.since ?? heardAt, asOf: event.version - 1n };
    }
    if (event.type === 'link.snapshot' && open !== null && asOfIn(event) >= open.asOf) {
      gaps.push([open.since, event.at]);
      open = null;
    }
    if (event.type !== 'link.snapshot') heardAt = event.at;
    last = event;
  }
  if (open !== null) gaps.push([open.since, Number.MAX_SAFE_INTEGER]);
  return gaps;
}

const asOfIn = ({ asOf }: Extract<LifecycleEvent, { type: 'link.snapshot' }>): bigint =>
  placeOf(asOf.epoch, asOf.seq);
