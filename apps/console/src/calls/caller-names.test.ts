import type { CallRow } from '@trunkline/realtime-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCallerNames } from './caller-names.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store that holds what is put into it, and an API that knows a name for every number. */
function lab() {
  const rows = new Map<string, CallRow>();
  const listeners = new Set<() => void>();
  const asked: string[][] = [];
  let changed: string[] = [];
  let isAway = false;
  const names = createCallerNames(
    {
      ask: (path: string) => {
        if (isAway) return Promise.reject(new Error('away'));
        const calls = new URLSearchParams(path.split('?')[1]).getAll('call');
        asked.push(calls);
        const items = calls.map((key) => {
          const [pbx = '', call = ''] = key.split('/');
          const name = `who has ${rows.get(key)?.callerNumber}`;
          return { pbx, call, callerContact: { contact: 'c', name, company: null, label: null } };
        });
        return Promise.resolve({ items } as never);
      },
    },
    {
      get: ((_name: string, key: string) => rows.get(key)) as never,
      list: (() => [...rows.values()]) as never,
      changed: () => changed,
      subscribe: (_name: string, listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  );
  return {
    names,
    asked,
    away: (isSo: boolean) => (isAway = isSo),
    put: (call: string, row: Partial<CallRow> | null): void => {
      const key = `4/${call}`;
      if (row === null) rows.delete(key);
      else
        rows.set(key, {
          pbx: '4',
          call,
          status: 'ringing',
          callerNumber: '+1',
          calleeNumber: '7',
          ...row,
        } as CallRow);
      changed = [key];
      for (const listener of listeners) listener();
    },
    named: (call: string) => names.of(`4/${call}`)?.callerContact?.name,
  };
}

it('asks once for all calls that begin together, and not again as they go on', async () => {
  const { names, asked, put, named } = lab();
  put('a', {});
  const told: string[] = [];
  const stop = names.subscribe((keys) => told.push(...keys));
  put('b', { callerNumber: '+2' });
  await vi.advanceTimersByTimeAsync(400);
  expect(asked).toEqual([['4/a', '4/b']]);
  expect([named('a'), named('b'), told]).toEqual(['who has +1', 'who has +2', ['4/a', '4/b']]);
  put('a', { status: 'connected' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
  stop();
});

it('never calls anybody what the one before them was called', async () => {
  const { names, asked, put, named } = lab();
  names.subscribe(() => undefined);
  put('a', {});
  await vi.advanceTimersByTimeAsync(400);
  put('a', { callerNumber: '+3' });
  expect(named('a')).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_400);
  expect([named('a'), asked.length]).toEqual(['who has +3', 2]);
  put('a', null);
  expect(named('a')).toBeUndefined();
  put('b', {});
  put('b', { status: 'ended' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(2);
});

it('rests between questions of bounded size, tries again after a failure, and asks nothing for nobody', async () => {
  const { names, asked, put, away, named } = lab();
  away(true);
  const stop = names.subscribe(() => undefined);
  for (let call = 0; call < 60; call += 1) put(`c${call}`, {});
  await vi.advanceTimersByTimeAsync(1_000);
  away(false);
  await vi.advanceTimersByTimeAsync(4_500);
  expect(asked.map(({ length }) => length)).toEqual([40]);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(asked.map(({ length }) => length)).toEqual([40, 20]);
  expect(named('c59')).toBe('who has +1');
  stop();
  put('late', {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(2);
});
