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
}

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

/** The same calls again, and this time for good. */
export const realWishOf = ({ request }: Pick<Sweep, 'request'>): SweepWish => ({
  ...wishOf(request.timeoutMinutes, request.pbx, request.extension),
  dryRun: false,
  verify: request.verify,
  ...(request.verify ? {} : { confirmUnverified: true as const }),
});

export const wishOf = (
  minutes: number | null,
  pbx: string | null,
  extension: string | null,
): Pick<SweepWish, 'timeoutMinutes' | 'pbx' | 'extension'> => ({
  ...(minutes === null ? {} : { timeoutMinutes: minutes }),
  ...(pbx === null || pbx === '' ? {} : { pbx }),
  ...(extension === null || extension === '' ? {} : { extension }),
});
