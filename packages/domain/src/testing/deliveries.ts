import * as fc from 'fast-check';

/** What deliveries make of a history: any order, some of it more than once, nothing lost. */
export const deliveriesOf = <Event>(history: readonly Event[]): fc.Arbitrary<Event[]> =>
  fc
    .tuple(fc.shuffledSubarray([...history], { minLength: history.length }), fc.subarray([...history]))
    .chain(([all, again]) =>
      fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
    );

/** A list cut into pieces of random length. */
export const batchesOf = <Event>(events: readonly Event[]): fc.Arbitrary<Event[][]> =>
  fc
    .array(fc.integer({ min: 1, max: 7 }), { minLength: events.length, maxLength: events.length })
    .map((sizes) => {
      const batches: Event[][] = [];
      let start = 0;
      for (const size of sizes) {
        if (start >= events.length) break;
        batches.push(events.slice(start, start + size));
        start += size;
      }
      return batches;
    });
