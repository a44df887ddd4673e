import { placeOf, type LifecycleEvent } from '@trunkline/domain';

/**
 * Times of which something may not have been heard, or was heard and lost: from the last word before a lost link, another
 * holder or a missing number, to the next snapshot of the state after it. Takes what was said of one PBX in the order of its versions.
 */
export function unheard(events: readonly LifecycleEvent[]): [number, number][] {
  const gaps: [number, number][] = [];
  let last: LifecycleEvent | undefined;
  let open: { readonly since: number; readonly asOf: bigint } | null = { since: 0, asOf: 0n };
  for (const event of events) {
    const isNext = last !== undefined && event.version === last.version + 1n;
    if (!isNext || event.type === 'link.disconnected') {
      open = { since: open?.since ?? last?.at ?? 0, asOf: event.version - 1n };
    }
    if (event.type === 'link.snapshot' && open !== null && asOfIn(event) >= open.asOf) {
      gaps.push([open.since, event.at]);
      open = null;
    }
    last = event;
  }
  if (open !== null) gaps.push([open.since, Number.MAX_SAFE_INTEGER]);
  return gaps;
}

const asOfIn = ({ asOf }: Extract<LifecycleEvent, { type: 'link.snapshot' }>): bigint =>
  placeOf(asOf.epoch, asOf.seq);
