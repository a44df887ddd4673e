import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Api } from './api.ts';
import type { ApiError } from './problem.ts';
import { useApi } from './use-api.ts';

/** Something that changes the world: asked for once, and afterwards what is shown of these paths is asked for anew. */
export function useAction<Wish, Answer>(
  act: (api: Api, wish: Wish) => Promise<Answer>,
  changes: readonly string[] = [],
) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation<Answer, ApiError, Wish>({
    mutationFn: (wish) => act(api, wish),
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [path] }) => changes.some((each) => String(path).startsWith(each)),
      }),
  });
}
