import { expect, it } from 'vitest';
import type { Said } from '../port/words.ts';
import { createChannelNames } from './channel-names.ts';
import { phoneStatusOfDevice, phoneStatusOfHint } from './phone-status.ts';
import { Phones } from './phones.ts';

it.each([
  ['NOT_INUSE', 'online'],
  ['RINGING', 'ringing'],
  ['INUSE', 'incall'],
  ['RINGINUSE', 'incall'],
  ['ONHOLD', 'incall'],
  ['BUSY', 'busy'],
  ['UNAVAILABLE', 'offline'],
  ['UNKNOWN', null],
  ['INVALID', null],
  ['constructor', null],
])('the device state %s is %s', (state, status) => {
  expect(phoneStatusOfDevice(state)).toBe(status);
});

it.each([
  [0, 'online'],
  [1, 'incall'],
  [2, 'busy'],
  [4, 'offline'],
  [8, 'ringing'],
  [9, 'incall'],
  [16, 'incall'],
  [-1, null],
  [Number.NaN, null],
])('the hint %d is %s', (bits, status) => {
  expect(phoneStatusOfHint(bits)).toBe(status);
});

function listen({ settled = true } = {}) {
  const said: Said[] = [];
  const phones = new Phones(createChannelNames({}), (word) => said.push(word));
  if (settled) phones.settle(0);
  return { phones, said };
}

it('tells changes only, and devices know better than endpoints and hints', () => {
  const { phones, said } = listen();
  phones.apply({ kind: 'hint', exten: '1001', devices: 'PJSIP/1001', status: 8 }, 1);
  phones.apply({ kind: 'device', device: 'PJSIP/1001', state: 'RINGING' }, 2);
  phones.apply({ kind: 'device', device: 'PJSIP/1001', state: 'INUSE' }, 3);
  phones.apply({ kind: 'hint', exten: '1001', devices: 'PJSIP/1001', status: 8 }, 4);
  phones.apply({ kind: 'endpoint', device: 'PJSIP/1001', state: 'offline' }, 5);
  expect(said.map(({ payload }) => payload)).toEqual([
    { extension: '1001', status: 'ringing', at: 1 },
    { extension: '1001', status: 'incall', at: 3 },
  ]);
});

it('hints of feature codes and of made-up devices are no phones', () => {
  const { phones, said } = listen();
  phones.apply({ kind: 'hint', exten: '*761001', devices: 'PJSIP/1001', status: 1 }, 1);
  phones.apply({ kind: 'hint', exten: '2001', devices: 'Custom:v2001', status: 1 }, 1);
  phones.apply({ kind: 'device', device: 'PJSIP/pstn', state: 'INUSE' }, 1);
  expect(said).toEqual([]);
});

it('a list is taken over, but for what was heard since it was asked for', () => {
  const { phones } = listen();
  phones.apply({ kind: 'device', device: 'PJSIP/1001', state: 'INUSE' }, 1);
  phones.apply({ kind: 'device', device: 'PJSIP/1002', state: 'INUSE' }, 1);
  const mark = phones.mark();
  phones.apply({ kind: 'device', device: 'PJSIP/1003', state: 'RINGING' }, 2);
  const listed = new Map([
    ['1001', 'online'],
    ['1003', 'online'],
    ['1004', 'offline'],
  ] as const);
  const known = phones.adopt(listed, mark).sort((one, other) => one.extension.localeCompare(other.extension));
  expect(known).toEqual([
    { extension: '1001', status: 'online' },
    { extension: '1003', status: 'ringing' },
    { extension: '1004', status: 'offline' },
  ]);
});

it('before the first list nothing is told, and after a list that failed what was heard', () => {
  const { phones, said } = listen({ settled: false });
  phones.apply({ kind: 'device', device: 'PJSIP/1001', state: 'INUSE' }, 1);
  expect(said).toEqual([]);
  phones.settle(2);
  expect(said.map(({ payload }) => payload)).toEqual([{ extension: '1001', status: 'incall', at: 2 }]);
});
