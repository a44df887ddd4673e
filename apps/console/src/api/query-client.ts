import { QueryClient } from '@tanstack/react-query';
import { isPassing } from './problem.ts';

const attemptsMax = 3;

/** What was asked of the API. Live data is not in here: it is in the store of the realtime client. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 5 * 60_000,
        retry: (failures, error) => failures < attemptsMax && isPassing(error),
        retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 8_000),
      },
      // What changes something is done once; whoever asked decides about a second time.
      mutations: { retry: false },
    },
  });
