import type { Sweep } from '../../api/answers.ts';
import { useAction } from '../../api/use-action.ts';
import { useResource } from '../../api/use-api.ts';

export interface SweepWish {
  readonly dryRun: boolean;
  readonly verify: boolean;
  readonly confirmUnverified?: true;
  readonly timeoutMinutes?: number;
  readonly pbx?: string;
  readonly extension?: string;
  readonly calls?: readonly { readonly pbx: string; readonly call: string }[];
}

/** So many calls can be named one by one. */
const namedMax = 500;

/** While a sweep is under way it is looked at so often. */
const lookMs = 700;

export const useStartSweep = () =>
  useAction<SweepWish, { readonly id: string }>(
    (api, body) => api.ask('/v1/sweeps', { method: 'POST', body, idempotencyKey: crypto.randomUUID() }),
    ['/v1/sweeps', '/v1/schedule', '/v1/cleanup-runs'],
  );

export const useSweep = (id: string) =>
  useResource<Sweep>(`/v1/sweeps/${id}`, {
    isWanted: id !== '',
    everyMs: (sweep) => (sweep?.stage === 'done' || sweep?.stage === 'failed' ? null : lookMs),
  });

/**
 * For good: the calls that the preview would end, or those that failed, and no others. Where they are too many to be named,
 * all that the same filter finds.
 */
export function realWishOf({ request, report }: Pick<Sweep, 'request' | 'report'>): SweepWish {
  const calls = (report?.calls ?? [])
    .filter(({ outcome }) => outcome === 'would_end' || outcome === 'failed')
    .map(({ pbx, call }) => ({ pbx, call }));
  const areNamed = calls.length > 0 && calls.length <= namedMax && report?.callsOmitted === 0;
  return {
    ...wishOf(request.timeoutMinutes, request.pbx, request.extension),
    dryRun: false,
    verify: request.verify,
    ...(request.verify ? {} : { confirmUnverified: true as const }),
    ...(areNamed ? { calls } : {}),
  };
}

export const wishOf = (
  minutes: number | null,
  pbx: string | null,
  extension: string | null,
): Pick<SweepWish, 'timeoutMinutes' | 'pbx' | 'extension'> => ({
  ...(minutes === null ? {} : { timeoutMinutes: minutes }),
  ...(pbx === null || pbx === '' ? {} : { pbx }),
  ...(extension === null || extension === '' ? {} : { extension }),
});
