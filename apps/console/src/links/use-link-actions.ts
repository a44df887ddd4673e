import { useAction } from '../api/use-action.ts';

interface Wanted {
  readonly wanted: true;
  readonly held: boolean;
}

const changed = ['/v1/pbxs', '/v1/links'];

export const useRetry = () =>
  useAction<{ readonly pbx: string; readonly unblocked?: boolean }, Wanted>(
    (api, { pbx, unblocked = false }) =>
      api.ask(`/v1/pbxs/${pbx}/retry`, { method: 'POST', body: { unblocked } }),
    changed,
  );

export const useSnapshot = () =>
  useAction<{ readonly pbx: string }, Wanted>(
    (api, { pbx }) => api.ask(`/v1/pbxs/${pbx}/snapshot`, { method: 'POST' }),
    changed,
  );
