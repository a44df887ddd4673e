import * as v from 'valibot';

/** The pieces of which answers are made. They describe; what is answered is made by types and held to them by tests. */

export const instant = v.pipe(v.string(), v.isoTimestamp(), v.description('A time, in UTC.'));
export const id = v.pipe(v.string(), v.uuid());
export const number = v.pipe(
  v.string(),
  v.description('A phone number; masked but for its last digits without the scope `numbers:read`.'),
);
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({
    items: v.array(item),
    next: v.pipe(
      v.nullable(v.string()),
      v.description('Give it as `after` for the next page; null after the last one.'),
    ),
  });
