import { expect, it } from 'vitest';
import { inNameOrder } from './in-name-order.ts';

const section = (pbx: string, range: string | null = null) => ({
  id: `${pbx}/${range}`,
  pbx,
  range,
  keys: [],
});
const idsOf = (sections: readonly { id: string }[]) => sections.map(({ id }) => id);
const links = [{ pbx: 'a', name: 'Site 10' }, { pbx: 'b', name: 'Site 2' }, { pbx: 'c' }];

it('groups stand by the name of their PBX as people count, and those without one by what is shown instead', () => {
  expect(
    idsOf(
      inNameOrder(
        ['a', 'b', 'c', 'd'].map((pbx) => section(pbx)),
        links,
      ),
    ),
  ).toEqual(['c/null', 'd/null', 'b/null', 'a/null']);
});

it('the hundreds of numbers come first, and equals stay as they were', () => {
  const sections = [section('a', '200'), section('b', '200'), section('a', '1000'), section('x', '200')];
  expect(idsOf(inNameOrder(sections, [...links, { pbx: 'x', name: 'Site 10' }]))).toEqual([
    'b/200',
    'a/200',
    'x/200',
    'a/1000',
  ]);
});
