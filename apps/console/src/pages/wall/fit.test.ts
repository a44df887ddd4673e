import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Section } from './board.ts';
import { chunksOf, columnsOf, fitWall } from './fit.ts';
import { stepOf } from './use-grid-keys.ts';
import { readAddress, toggled, writeAddress } from './wall-address.ts';

const section = (id: string, count: number): Section => ({
  id,
  pbx: id,
  range: null,
  keys: Array.from({ length: count }, (_, index) => `${id}/${index}`),
});

describe('a wall', () => {
  it('shows as much of each phone as fits', () => {
    const room = { width: 100, height: 50 };
    expect(fitWall([section('a', 90)], room)).toMatchObject({ density: 'full', columns: 9, scale: 1 });
    expect(fitWall([section('a', 200)], room).density).toBe('number');
    expect(fitWall([section('a', 600), section('b', 600)], room).density).toBe('matrix');
  });

  it('draws few phones larger, as far as they fit and no further', () => {
    const few = fitWall([section('a', 24)], { width: 100, height: 50 });
    expect([few.density, few.scale > 1.5, few.columns < 9]).toEqual(['full', true, true]);
    const one = fitWall([section('a', 1)], { width: 100, height: 50 });
    expect(one.scale).toBeCloseTo(2.5, 1);
  });

  it.each(['9999', '1000000'])(
    'has room for the longest number where little else is shown: %s',
    (longest) => {
      const keys = [...Array.from({ length: 120 }, (_, index) => `a/${1_000 + index}`), `a/${longest}`];
      const { density, scale, columns } = fitWall([{ ...section('a', 0), keys }], { width: 100, height: 50 });
      // A digit of that size is 0.87 rem wide, and badge and edges take 2.75.
      const isWide = 100 / scale / columns >= 2.75 + longest.length * 0.87;
      expect([density, isWide]).toEqual(['number', true]);
    },
  );

  it('has pages where not even the smallest fits, with all phones on them, each once', () => {
    const { density, pages } = fitWall([section('a', 3_000), section('b', 10), section('c', 2_500)], {
      width: 80,
      height: 30,
    });
    expect([density, pages.length > 1]).toEqual(['matrix', true]);
    const keys = pages.flatMap((page) => page.flatMap((one) => one.keys));
    expect([keys.length, new Set(keys).size]).toEqual([5_510, 5_510]);
  });

  it('loses nobody, however small it is', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 6 });
    const room = fc.record({
      width: fc.integer({ min: 0, max: 60 }),
      height: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(sizes, room, (sizes, room) => {
        const sections = sizes.map((size, index) => section(String(index), size));
        const shown = fitWall(sections, room).pages.flatMap((page) => page.flatMap(({ keys }) => keys));
        expect(shown).toEqual(sections.flatMap(({ keys }) => keys));
      }),
    );
  });

  it('has at least one column', () => {
    expect([columnsOf('full', 0), columnsOf('full', 10.5), columnsOf('full', 21.5)]).toEqual([1, 1, 2]);
    expect([columnsOf('desk', 26.5), columnsOf('desk', 26.4)]).toEqual([2, 1]);
  });
});

it('what is drawn together are whole rows, about sixty tiles', () => {
  const sizes = chunksOf(section('a', 500).keys, 7).map(({ length }) => length);
  expect(sizes).toEqual([63, 63, 63, 63, 63, 63, 63, 59]);
  expect(chunksOf(section('a', 5).keys, 100)).toHaveLength(1);
});

it('arrows lead along rows and by rows', () => {
  expect(['ArrowRight', 'ArrowUp', 'ArrowDown', 'a'].map((key) => stepOf(key, 8))).toEqual([1, -8, 8, null]);
});

describe('the address', () => {
  const params = (text: string) => new URLSearchParams(text);

  it('is the view, there and back, and keeps what others wrote', () => {
    const text = 'theme=dark&q=ana&group=p1&state=ringing%2Cbusy&by=range&order=name&mode=wall&phone=p%2F1';
    const address = readAddress(params(text));
    expect(address).toEqual({
      text: 'ana',
      group: 'p1',
      states: ['ringing', 'busy'],
      groupBy: 'range',
      order: 'name',
      isWall: true,
      phone: 'p/1',
    });
    expect(writeAddress(params(text), {}).toString()).toBe(text);
    const bare = {
      text: '',
      group: null,
      states: [],
      groupBy: 'pbx',
      order: 'number',
      isWall: false,
      phone: null,
    } as const;
    expect(writeAddress(params(text), bare).toString()).toBe('theme=dark');
  });

  it('is read as far as it makes sense', () => {
    expect(readAddress(params('state=busy,tired,online&by=moon'))).toMatchObject({
      states: ['online', 'busy'],
      groupBy: 'pbx',
    });
  });

  it('has states that are there or not, in one order', () => {
    expect(toggled(['busy'], 'online')).toEqual(['online', 'busy']);
    expect(toggled(['online', 'busy'], 'online')).toEqual(['busy']);
  });
});
