import type { PolicyLimits } from '../policy/limits.ts';

/** The defaults' proportions in a hundredth of the time. */
export const shortLimits: PolicyLimits = {
  yeastar: {
    retryMs: 50,
    retryMsMax: 600,
    credentialsMs: null,
    blockMs: 6_600,
    forbiddenMs: 9_000,
    crowdedMs: 18_000,
  },
  asterisk: {
    retryMs: 5,
    retryMsMax: 300,
    credentialsMs: 600,
    blockMs: 3_000,
    forbiddenMs: 600,
    crowdedMs: 300,
  },
  blockJitterMs: 300,
  startingMs: 50,
  shutdownMs: 20,
  attentionMs: 600,
  unpreparedMs: 10,
  credentialFailuresMax: 3,
  stableMs: 300,
};
