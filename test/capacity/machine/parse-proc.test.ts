import { expect, it } from 'vitest';
import { parseMachine, parseStat, treeOf } from './parse-proc.ts';
import { readMachine, readTree } from './read-usage.ts';

const line = (name: string): string =>
  `4711 (${name}) S 12 4711 4711 0 -1 4194560 900 800 0 0 150 50 7 3 20 0 11 0 98765 1234567 321 18446744073709551615 1`;

it.each(['node', 'a b', 'x) S 1 (y', ')'])('reads a process that is called %s', (name) => {
  expect(parseStat(line(name))).toEqual({ pid: 4711, parent: 12, ticks: 210, rssPages: 321 });
});

it('takes nothing else for one', () => {
  expect(() => parseStat('')).toThrow('no line');
  expect(() => parseStat('4711 (node) S 12')).toThrow('no line');
  expect(() => parseMachine('cpu0 1 2 3')).toThrow('no line');
});

it('knows who descends from whom, at any depth and in any order', () => {
  const stat = (pid: number, parent: number) => ({ pid, parent, ticks: 1, rssPages: 1 });
  const stats = [stat(5, 3), stat(3, 2), stat(2, 1), stat(9, 1), stat(4, 2)];
  expect(new Set(treeOf(2, stats).map(({ pid }) => pid))).toEqual(new Set([2, 3, 4, 5]));
  expect(treeOf(7, stats)).toEqual([]);
});

it('counts waiting for disks as idle, and guests once', () => {
  expect(parseMachine('cpu  10 1 5 80 4 2 3 1 9 9\ncpu0 1 2 3 4 5 6 7 8 9 9')).toEqual({
    busy: 22,
    all: 106,
  });
});

it('reads this very process and machine', () => {
  const before = readTree(process.pid);
  const until = process.cpuUsage().user + 200_000;
  while (process.cpuUsage().user < until);
  const after = readTree(process.pid);
  expect(after.cpuSeconds - before.cpuSeconds).toBeGreaterThan(0.1);
  expect(after.rssBytes).toBeGreaterThan(10_000_000);
  expect(after.descriptors).toBeGreaterThan(3);
  const { busy, all } = readMachine();
  expect(busy).toBeGreaterThan(0);
  expect(busy).toBeLessThanOrEqual(all);
});
