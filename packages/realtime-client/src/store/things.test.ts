import { dataTypes, type DataTypeRule } from '@trunkline/realtime-protocol';
import { expect, it } from 'vitest';
import { things } from './things.ts';

it('rows are about what the protocol says they are about', () => {
  const said = Object.entries<DataTypeRule>(dataTypes).flatMap(([type, { thing }]) =>
    thing ? [[type, thing]] : [],
  );
  expect(things).toEqual(Object.fromEntries(said));
});
