import { expect, it } from 'vitest';
import { createVersionWatch, entryOf } from './new-version.ts';

const page = (entry: string): string =>
  `<!doctype html><script src="/theme.js"></script><script type="module" crossorigin src="${entry}"></script>`;
const minute = 60_000;

function lab() {
  const world = {
    at: 0,
    served: page('/assets/index-a.js') as string | null,
    isBusy: false,
    reloads: 0,
    asked: 0,
  };
  const watch = createVersionWatch({
    fetchPage: async () => {
      world.asked += 1;
      if (world.served === null) throw new Error('the server is away');
      return world.served;
    },
    ownEntry: '/assets/index-a.js',
    isBusy: () => world.isBusy,
    now: () => world.at,
    reload: () => void (world.reloads += 1),
  });
  const pass = async (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 1) {
      world.at += minute;
      await watch.look();
    }
  };
  return { world, watch, pass };
}

it('knows a version by the script that a page begins with', () => {
  expect([entryOf(page('/assets/index-b.js')), entryOf('<h1>502</h1>')]).toEqual([
    '/assets/index-b.js',
    null,
  ]);
});

it('goes on while the server has the same, is away, or answers something else', async () => {
  const { world, pass } = lab();
  await pass(31);
  expect(world.asked).toBe(2);
  world.served = null;
  await pass(30);
  world.served = '<h1>502</h1>';
  await pass(30);
  expect(world.reloads).toBe(0);
});

it('loads a new version when nobody has touched the page for long and nothing is open', async () => {
  const { world, watch, pass } = lab();
  world.served = page('/assets/index-b.js');
  world.isBusy = true;
  await pass(30);
  watch.touched();
  world.isBusy = false;
  await pass(9);
  expect(world.reloads).toBe(0);
  await pass(1);
  expect(world.reloads).toBe(1);
});
