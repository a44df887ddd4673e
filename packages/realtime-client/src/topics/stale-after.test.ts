import { topicKinds } from '@trunkline/realtime-protocol';
import { expect, it } from 'vitest';
import { staleAfterMs } from './stale-after.ts';

it('topics are stale after what the protocol says', () => {
  const said = Object.entries(topicKinds).map(([kind, { staleMs }]) => [kind, staleMs]);
  expect(staleAfterMs).toEqual(Object.fromEntries(said));
});
