import * as v from 'valibot';

/** [CAUSE1] Why a call ended, in one vocabulary for all vendors. */
export const saidCauses = [
  'normal',
  'busy',
  'no_answer',
  'rejected',
  'offline',
  'bad_number',
  'answered_elsewhere',
  'voicemail',
  'abandoned',
  'not_allowed',
  'network',
  'congestion',
  'timer',
  'failed',
  'unknown',
] as const;

/** [CAUSE2] Why we ended a call that the PBX had not ended. */
export const ownCauses = ['pbx_disconnected', 'pbx_restarted', 'reconciled', 'timeout_cleanup'] as const;

export const hangupCauses = [...saidCauses, ...ownCauses] as const;

export type SaidCause = (typeof saidCauses)[number];
export type HangupCause = (typeof hangupCauses)[number];

export const saidCauseSchema = v.picklist(saidCauses);
