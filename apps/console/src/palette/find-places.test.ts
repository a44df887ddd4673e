import type { CallRow, ExtensionRow, LinkRow } from '@trunkline/realtime-client';
import { expect, it } from 'vitest';
import { findPlaces, shownMax, type Known } from './find-places.ts';

const phone = (extension: string, name: string | null): ExtensionRow =>
  ({ pbx: 'p1', extension, name, status: 'online' }) as ExtensionRow;
const call = (key: string, more: Partial<CallRow>): CallRow =>
  ({
    pbx: 'p1',
    call: key,
    status: 'connected',
    callerNumber: '+351912345678',
    callerName: null,
    calleeNumber: '1042',
    calleeName: null,
    did: null,
    extensions: ['1042'],
    ...more,
  }) as CallRow;
const known: Known = {
  pages: [
    { path: '/wall', title: 'Wallboard' },
    { path: '/ops/links', title: 'PBX links' },
  ],
  phones: [phone('2104', 'Ben Okafor'), phone('1042', 'Ana Ferreira'), phone('1043', null)],
  calls: [call('a', {}), call('b', { status: 'ended' })],
  links: [{ pbx: 'p1', name: 'Porto', state: 'live', held: true, open: true } as LinkRow],
  maySeeLinks: true,
};
const found = (text: string, more: Partial<Known> = {}) =>
  findPlaces(text, { ...known, ...more }).map(({ kind, label, href }) => `${kind}: ${label} ${href}`);

it('offers pages and PBXs before a word is said', () => {
  expect(found('  ')).toEqual([
    'page: Wallboard /wall',
    'page: PBX links /ops/links',
    'pbx: Porto /ops/links/p1',
  ]);
});

it('finds phones by number and name, open calls by either party, and PBXs by name', () => {
  expect(found('104')).toEqual([
    'phone: 1042 Ana Ferreira /wall?phone=p1%2F1042',
    'phone: 1043 /wall?phone=p1%2F1043',
    'phone: 2104 Ben Okafor /wall?phone=p1%2F2104',
    'call: +351912345678 → 1042 /calls/p1/a',
  ]);
  expect(found('okafor BEN')).toEqual(['phone: 2104 Ben Okafor /wall?phone=p1%2F2104']);
  expect(found('porto', { phones: [], maySeeLinks: false })).toEqual(['pbx: Porto /wall?group=p1']);
  expect(found('nobody')).toEqual([]);
});

it('never offers more of a kind than one reads', () => {
  const phones = Array.from({ length: 50 }, (_, index) => phone(String(3000 + index), null));
  expect(found('30', { phones })).toHaveLength(shownMax);
});
