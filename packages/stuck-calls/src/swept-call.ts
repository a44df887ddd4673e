import type { OpenCall, RunCall } from '@trunkline/database';
import type { SweptCall, SweptOutcome } from './sweep-report.ts';

type Fate = Pick<SweptCall, 'why' | 'liveness' | 'detail'> & { readonly outcome: SweptOutcome };

export const sweptCall = (seen: OpenCall, { why, liveness, detail, outcome }: Fate): SweptCall => ({
  tenant: seen.tenant,
  pbx: seen.pbx,
  call: seen.call,
  was: seen.status,
  startedAt: seen.startedAt,
  answeredAt: seen.answeredAt ?? null,
  verifiedAt: seen.verifiedAt ?? null,
  seenAt: seen.seenAt,
  extensions: [...seen.extensions],
  why,
  liveness,
  outcome,
  detail,
});

/** The same as a run keeps it. A dry run keeps nothing. */
export const runCallOf = (seen: OpenCall, swept: SweptCall): RunCall[] =>
  swept.outcome === 'would_end'
    ? []
    : [
        {
          tenant: seen.tenant,
          pbx: seen.pbx,
          call: seen.call,
          why: swept.why,
          liveness: swept.liveness,
          outcome: swept.outcome,
          detail: swept.detail,
        },
      ];
