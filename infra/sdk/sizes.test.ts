import { expect, it } from 'vitest';
import { measureSizes } from './measure-sizes.ts';

it('the SDK stays as small as it promises', async () => {
  const tooBig = (await measureSizes()).filter(({ bytes, bytesMax }) => bytes > bytesMax);
  expect(tooBig).toEqual([]);
});
