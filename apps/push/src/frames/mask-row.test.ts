import { describe, expect, it } from 'vitest';
import { maskNumber, maskRow } from './mask-row.ts';

describe('[TOPIC5] a number that somebody may not see', () => {
  it.each([
    ['+49 30 1234567', '+•• •• ••••567'],
    ['0301234567', '•••••••567'],
    ['(030) 123-456', '(•••) •••-456'],
    ['123456', '•••456'],
  ])('%s is shown as %s', (number, shown) => expect(maskNumber(number)).toBe(shown));

  it.each(['1001', '12345', 'Ada Lovelace', 'Room 123456', 'anonymous', ''])('%j is left as it is', (text) =>
    expect(maskNumber(text)).toBe(text),
  );

  it('is hidden in every field of a call that may hold one, also where the PBX put it for a name', () => {
    const call = {
      call: '0301234567.1',
      callerNumber: '0301234567',
      callerName: '0301234567',
      calleeNumber: '1001',
      calleeName: 'Ada',
      did: '0309876543',
      trunk: null,
      revision: 1,
    };
    expect(maskRow('call_update', call)).toEqual({
      ...call,
      callerNumber: '•••••••567',
      callerName: '•••••••567',
      did: '•••••••543',
    });
  });

  it('a row without one is the same object', () => {
    const call = { callerNumber: '1001', did: null };
    expect(maskRow('new_call', call)).toBe(call);
    const phone = { extension: '0301234567' };
    expect(maskRow('extension_update', phone)).toBe(phone);
  });
});
