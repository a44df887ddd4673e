import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownCauses, saidCauses } from './hangup-cause.ts';
import { causeFromDisposition, causeFromQ850, causeFromReason, causeFromSip } from './normalise.ts';

it.each([
  [16, 'normal'],
  [17, 'busy'],
  [18, 'no_answer'],
  [19, 'no_answer'],
  [20, 'offline'],
  [21, 'rejected'],
  [1, 'bad_number'],
  [26, 'answered_elsewhere'],
  [38, 'network'],
  [34, 'congestion'],
  [102, 'timer'],
  [0, 'unknown'],
  [99, 'failed'],
])('[CAUSE3] Q.850 %i is %s', (code, cause) => {
  expect(causeFromQ850(code)).toBe(cause);
});

it.each([
  [486, 'busy'],
  [603, 'rejected'],
  [404, 'bad_number'],
  [487, 'abandoned'],
  [503, 'congestion'],
  [500, 'network'],
  [499, 'failed'],
])('[CAUSE4] SIP %i is %s', (code, cause) => {
  expect(causeFromSip(code)).toBe(cause);
});

it.each([
  ['ANSWERED', 'normal'],
  ['NO ANSWER', 'no_answer'],
  ['NOANSWER', 'no_answer'],
  ['Busy', 'busy'],
  ['VOICEMAIL', 'voicemail'],
  ['ABANDONED', 'abandoned'],
  ['CHANUNAVAIL', 'offline'],
  ['constructor', 'unknown'],
  ['', 'unknown'],
])('[CAUSE5] the disposition %j is %s', (disposition, cause) => {
  expect(causeFromDisposition(disposition)).toBe(cause);
});

it.each([
  ['NO Dial Permission', 'not_allowed'],
  ['NO Outbound Restrictin', 'not_allowed'],
  ['Circuit/channel congestion', 'congestion'],
  ['DND', 'busy'],
  ['Line Unreachable', 'offline'],
  ['User Busy', 'busy'],
  ['410 Gone', 'bad_number'],
  ['404 NOT found', 'bad_number'],
  ['NOT found', 'bad_number'],
  ['408 Request Time', 'no_answer'],
  ['480 Temporatily Unavailable', 'offline'],
  ['484 Address incomplete', 'bad_number'],
  ['486 Busy Here', 'busy'],
  ['603 Declined', 'rejected'],
  ['something else', 'failed'],
])('[CAUSE6] the reason %j is %s', (reason, cause) => {
  expect(causeFromReason(reason)).toBe(cause);
});

it('[CAUSE2] whatever a PBX says never becomes a cause of our own', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (text, code) => {
      const causes = [
        causeFromReason(text),
        causeFromDisposition(text),
        causeFromQ850(code),
        causeFromSip(code),
      ];
      for (const cause of causes) {
        expect(saidCauses).toContain(cause);
        expect(ownCauses).not.toContain(cause);
      }
    }),
  );
});
