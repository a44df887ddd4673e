import { describe, expect, it } from 'vitest';
import { gather } from '../news/gather.ts';
import { pbxIds, read, stateOf } from '../testing/index.ts';

type Word = [[number, number], string, Record<string, unknown>];

function phone(...words: Word[]) {
  const events = words.map(([[epoch, seq], type, payload]) =>
    read({ source: pbxIds[0], epoch, seq, type, payload }),
  );
  return stateOf(gather(events))[0]?.extensions[0];
}

const word = (seq: number, status: string, name?: string): Word => [
  [1, seq],
  'extension.changed',
  { extension: '1001', status, at: seq * 1000, ...(name !== undefined && { name }) },
];
const lost = (seq: number): Word => [[1, seq], 'link.disconnected', { at: seq * 1000 }];
const list = (seq: number, extensions: unknown[] | undefined): Word => [
  [1, seq],
  'link.snapshot',
  {
    at: seq * 1000,
    asOf: { epoch: 1, seq: seq - 1 },
    calls: [],
    ...(extensions !== undefined && { extensions }),
  },
];

describe('a phone when the link is lost', () => {
  it.each(['ringing', 'incall', 'busy'])('[EXT4] that was %s is online, last seen then', (status) => {
    expect(phone(word(1, status), lost(2))?.shown).toEqual({ status: 'online', lastSeenAt: 2000 });
  });

  it('[EXT4] that was offline is never turned online', () => {
    expect(phone(word(1, 'offline'), lost(2))?.shown).toEqual({ status: 'offline', lastSeenAt: 1000 });
  });

  it('[EXT4] that was online keeps when it was last seen', () => {
    expect(phone(word(1, 'online'), lost(2))?.shown).toEqual({ status: 'online', lastSeenAt: 1000 });
  });

  it('[EXT3] is what the PBX says next', () => {
    expect(phone(word(1, 'incall'), lost(2), word(3, 'ringing'))?.shown.status).toBe('ringing');
  });
});

describe('a complete list of phones', () => {
  it('[EXT4] that leaves a phone out makes it offline, also one whose link was lost in between', () => {
    expect(phone(word(1, 'incall'), list(3, []))?.shown).toEqual({ status: 'offline', lastSeenAt: 1000 });
    expect(phone(word(1, 'incall'), lost(2), list(3, []))?.shown.status).toBe('offline');
  });

  it('[EXT4] says nothing about phones where the PBX cannot list them', () => {
    expect(phone(word(1, 'incall'), list(3, undefined))?.shown.status).toBe('incall');
  });

  it('[FACT2] tells newer names', () => {
    const listed = list(3, [{ extension: '1001', status: 'online', name: 'Grace' }]);
    expect(phone(listed, word(1, 'incall', 'Ada'))?.name?.fact).toBe('Grace');
  });
});
