import { describe, expect, it } from 'vitest';
import { maskRow } from './mask-row.ts';

describe('[TOPIC5] a number that somebody may not see', () => {
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
      callerNumber: '***567',
      callerName: '***567',
      did: '***543',
    });
  });

  it('a row without one is the same object', () => {
    const call = { callerNumber: '1001', did: null };
    expect(maskRow('new_call', call)).toBe(call);
    const phone = { extension: '0301234567' };
    expect(maskRow('extension_update', phone)).toBe(phone);
  });
});
