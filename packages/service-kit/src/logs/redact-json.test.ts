import { expect, it } from 'vitest';
import { redactJson } from './redact-json.ts';

const call = {
  call: '170000000012',
  callerNumber: '+49 30 123456',
  callerName: '0301234567',
  calleeName: 'Ada of 030 1234567',
  did: 493012345,
  extensions: ['1001', '4930123456789'],
  startedAt: new Date(0),
  version: '1099511627777',
  trail: [
    { payload: { from: { number: '0049301234567', name: '0049301234567' }, password: 'x', tokens: [1] } },
  ],
  talkSeconds: 123_456_789,
  next: null,
};

it('masks phone numbers and removes secrets, whatever holds them, and spares names and times', () => {
  expect(redactJson(call)).toEqual({
    call: '170000000012',
    callerNumber: '***456',
    callerName: '***567',
    calleeName: 'Ada of ***567',
    did: '***45',
    extensions: ['1001', '***789'],
    startedAt: '1970-01-01T00:00:00.000Z',
    version: '1099511627777',
    trail: [
      {
        payload: {
          from: { number: '***567', name: '***567' },
          password: '[redacted]',
          tokens: ['[redacted]'],
        },
      },
    ],
    talkSeconds: 123_456_789,
    next: null,
  });
  expect(redactJson(undefined)).toBeUndefined();
});
