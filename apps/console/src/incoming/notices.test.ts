import { expect, it } from 'vitest';
import type { Ring } from './incoming.ts';
import { createNotices } from './notices.ts';

const ring = (key: string, more: Partial<Ring> = {}): Ring =>
  ({ key, phase: 'ringing', mayRing: true, isSilenced: false, ...more }) as Ring;

function lab() {
  const did: string[] = [];
  const world = { isWanted: true };
  const notices = createNotices({
    isWanted: () => world.isWanted,
    show: ({ key }) => {
      did.push(`show ${key}`);
      return { close: () => void did.push(`close ${key}`) };
    },
  });
  const follow = (...rings: Ring[]): string[] => {
    did.length = 0;
    notices.follow(new Map(rings.map((one) => [one.key, one])));
    return [...did];
  };
  return { world, follow };
}

it('there is one for each call that rings, until it does no more', () => {
  const { follow } = lab();
  expect(follow(ring('a'))).toEqual(['show a']);
  expect(follow(ring('a'), ring('b'))).toEqual(['show b']);
  expect(follow(ring('a', { phase: 'elsewhere' }), ring('b'))).toEqual(['close a']);
  expect(follow()).toEqual(['close b']);
});

it('there is none for what is old, silenced or not wanted; what is shown is closed all the same', () => {
  const { world, follow } = lab();
  expect(follow(ring('a', { mayRing: false }), ring('b', { isSilenced: true }))).toEqual([]);
  expect(follow(ring('c'))).toEqual(['show c']);
  world.isWanted = false;
  expect(follow(ring('d'))).toEqual(['close c']);
});
