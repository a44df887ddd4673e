import { useAction } from '../../api/use-action.ts';
import type { Simulator } from '../../api/answers.ts';
import { useResource } from '../../api/use-api.ts';

const askMs = 2_000;

export const useSimulator = (isWanted: boolean) =>
  useResource<Simulator>('/v1/simulator', { everyMs: askMs, isWanted });

export interface SimulatorWish {
  readonly action: string;
  readonly [detail: string]: unknown;
}

export const useSteer = () =>
  useAction<SimulatorWish, { readonly done: true; readonly call: string | null }>(
    (api, body) => api.ask('/v1/simulator/actions', { method: 'POST', body }),
    ['/v1/simulator'],
  );
