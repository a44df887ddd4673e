import { describe, expect, it } from 'vitest';
import { readMembers } from './read-members.ts';
import { BoardDriver, inShort } from './testing/board-driver.ts';
import { extension, frameText } from './testing/frame-texts.ts';

const registration = (kind: string, status: string, number = '1001') =>
  frameText(30007, { extension: number, kind, status, registered_ip: '' });
const phone = (status: string, number = '1001') => frameText(30008, { extension: number, status });
const presence = (status: string, number = '1001') => frameText(30009, { extension: number, status });
const listed = (
  number: string,
  devices: Record<string, boolean>,
  more: { name?: string; presence?: string } = {},
) => ({
  number,
  name: more.name ?? '',
  presence: more.presence ?? 'available',
  devices: new Map(Object.entries(devices)),
});

function withRoster(): BoardDriver {
  const driver = new BoardDriver();
  driver.adopt({
    extensions: [
      listed('1001', { sip: true, mobile: true }, { name: 'Ada' }),
      listed('1002', { sip: false }),
    ],
  });
  return driver;
}

describe('a phone', () => {
  it('rings, talks, rests and is not to be disturbed', () => {
    const words = withRoster().hear(
      phone('Ringing'),
      phone('Busy'),
      presence('do_not_disturb'),
      phone('Idle'),
      presence('available'),
    );
    expect(inShort(words)).toEqual(['1001=ringing', '1001=incall', '1001=busy', '1001=online']);
    expect(words[0]?.payload).toMatchObject({ extension: '1001', name: 'Ada' });
  });

  it('is offline when the last of its devices has gone', () => {
    const driver = withRoster();
    expect(driver.hear(registration('Sip', 'Unregistered'))).toEqual([]);
    expect(inShort(driver.hear(registration('Mobile', 'Unregistered')))).toEqual(['1001=offline']);
    expect(inShort(driver.hear(registration('Web', 'Registered')))).toEqual(['1001=online']);
  });

  it('that rings is there, whatever was told of its devices', () => {
    const driver = withRoster();
    expect(inShort(driver.hear(phone('Ringing', '1002'), phone('Idle', '1002')))).toEqual([
      '1002=ringing',
      '1002=online',
    ]);
    expect(inShort(driver.hear(registration('Sip', 'Unregistered', '1002')))).toEqual(['1002=offline']);
  });

  it('is not called offline before it is known which devices it has', () => {
    const driver = new BoardDriver({ settled: false });
    expect(driver.hear(registration('Sip', 'Unregistered'))).toEqual([]);
    const { extensions } = driver.adopt({ extensions: [listed('1001', { sip: true, mobile: true })] });
    expect(extensions).toEqual([{ extension: '1001', status: 'online' }]);
  });
});

describe('the list of extensions', () => {
  it('tells of registrations and presence, and the calls tell who rings and talks', () => {
    const driver = new BoardDriver();
    driver.hear(phone('Busy', '1005'));
    const snapshot = driver.adopt({
      calls: [
        { call: '1.1', members: readMembers([extension('1001', 'ANSWERED'), extension('1002', 'RING')]) },
      ],
      extensions: [
        listed('1001', { sip: true }),
        listed('1002', { sip: true }),
        listed('1003', { sip: false, web: false }),
        listed('1004', { sip: true }, { presence: 'do not disturb' }),
        listed('1005', { sip: true }),
        listed('1006', {}),
      ],
    });
    expect(snapshot.extensions).toEqual([
      { extension: '1005', status: 'online' },
      { extension: '1001', status: 'incall' },
      { extension: '1002', status: 'ringing' },
      { extension: '1003', status: 'offline' },
      { extension: '1004', status: 'busy' },
      { extension: '1006', status: 'offline' },
    ]);
  });

  it('loses to what was heard since it was asked for', () => {
    const driver = withRoster();
    const snapshot = driver.adopt(
      { extensions: [listed('1001', { sip: false }), listed('1002', { sip: false })] },
      phone('Busy', '1001'),
      registration('Sip', 'Registered', '1001'),
      registration('Sip', 'Registered', '1002'),
    );
    expect(snapshot.extensions).toEqual([
      { extension: '1001', status: 'incall' },
      { extension: '1002', status: 'online' },
    ]);
  });

  it('read anew in between, tells what changed', () => {
    const driver = withRoster();
    driver.hear(frameText(30022, { ext_number: '1003', option: 'CREATE' }));
    expect(driver.rosterChanges).toBe(1);
    driver.board.refreshRoster(
      [listed('1002', { sip: false }), listed('1003', { sip: true }, { name: 'Cy' })],
      driver.board.mark(),
      driver.now,
    );
    const words = driver.take();
    expect(inShort(words)).toEqual(['1003=online', '1001=offline']);
    expect(words[0]?.payload).toMatchObject({ name: 'Cy' });
  });
});
