import { CommandError } from '@trunkline/pbx-commands';
import { expect, it } from 'vitest';
import { verify, type Ask } from './verify.ts';

const calls = (pbx: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ pbx, call: `${pbx}-${index}` }));
const bounds = { parallelMax: 5, parallelPerPbxMax: 2 };

it('gives one answer for each call, in their order; what can’t be asked is unknown, with the reason', async () => {
  const ask: Ask = (_pbx, call) => {
    if (call === 'a-1') return Promise.reject(new CommandError('unanswered', 'there was no result in time'));
    return Promise.resolve(call === 'a-0' ? 'gone' : 'alive');
  };
  expect(await verify(ask, [...calls('a', 3), ...calls('b', 1)], bounds)).toEqual([
    { liveness: 'gone', detail: null },
    { liveness: 'unknown', detail: 'there was no result in time' },
    { liveness: 'alive', detail: null },
    { liveness: 'alive', detail: null },
  ]);
});

it('keeps to its bounds, over all PBXs and for each', async () => {
  const underWay = new Map<string, number>();
  const most = { all: 0, one: 0 };
  const ask: Ask = async (pbx) => {
    underWay.set(pbx, (underWay.get(pbx) ?? 0) + 1);
    const counts = [...underWay.values()];
    most.all = Math.max(
      most.all,
      counts.reduce((sum, count) => sum + count, 0),
    );
    most.one = Math.max(most.one, ...counts);
    await new Promise((resolve) => setImmediate(resolve));
    underWay.set(pbx, (underWay.get(pbx) ?? 0) - 1);
    return 'alive';
  };
  await verify(
    ask,
    ['a', 'b', 'c', 'd'].flatMap((pbx) => calls(pbx, 10)),
    bounds,
  );
  expect(most).toEqual({ all: 5, one: 2 });
});

it('does not go on asking a PBX whose link is down, and asks the others', async () => {
  const asked: string[] = [];
  const ask: Ask = async (pbx) => {
    asked.push(pbx);
    if (pbx === 'down') throw new CommandError('nobody', 'no connector holds the link');
    return 'gone';
  };
  const answers = await verify(ask, [...calls('down', 20), ...calls('up', 2)], bounds);
  expect(answers.filter(({ detail }) => detail === 'no connector holds the link')).toHaveLength(20);
  expect(answers.slice(20)).toEqual([1, 2].map(() => ({ liveness: 'gone', detail: null })));
  expect(asked.filter((pbx) => pbx === 'down').length).toBeLessThanOrEqual(bounds.parallelPerPbxMax);
});

it('does not wait for a deadline a call, when a PBX answers nothing', async () => {
  let asked = 0;
  const ask: Ask = async () => {
    asked += 1;
    throw new CommandError('unanswered', 'there was no result in time');
  };
  const answers = await verify(ask, calls('mute', 50), bounds);
  expect(new Set(answers.map(({ liveness }) => liveness))).toEqual(new Set(['unknown']));
  expect(asked).toBeLessThanOrEqual(2 + bounds.parallelPerPbxMax);
});

it('ends when it is told to, whatever is still unanswered', async () => {
  const stop = new AbortController();
  const ask: Ask = (_pbx, _call, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new CommandError('aborted', 'the caller gave up')));
    });
  const asking = verify(ask, calls('a', 10), bounds, stop.signal);
  stop.abort(new Error('this worker stops'));
  await expect(asking).rejects.toThrow('this worker stops');
});
