import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { Api, Query } from './api.ts';
import type { ApiError } from './problem.ts';

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = use(ApiContext);
  if (api === null) throw new Error('no API here: put an <ApiContext> around this');
  return api;
}

interface ListOptions {
  readonly query?: Query;
  readonly isWanted?: boolean;
  /** Ask again so often while it is on screen. */
  readonly everyMs?: number;
}

interface ResourceOptions<Answer> extends Omit<ListOptions, 'everyMs'> {
  /** Ask again so often while it is on screen; of an answer that changes no more, not again: null. */
  readonly everyMs?: number | ((answer: Answer | undefined) => number | null);
}

/** One answer of the API, kept and asked again when it has grown old. */
export function useResource<Answer>(path: string, options: ResourceOptions<Answer> = {}) {
  const api = useApi();
  const { query = {}, isWanted = true, everyMs } = options;
  return useQuery<Answer, ApiError>({
    queryKey: [path, query],
    queryFn: ({ signal }) => api.ask<Answer>(path, { query, signal }),
    enabled: isWanted,
    ...(everyMs === undefined ? {} : { refetchInterval: intervalOf(everyMs) }),
  });
}

const intervalOf = <Answer>(everyMs: number | ((answer: Answer | undefined) => number | null)) =>
  typeof everyMs === 'number'
    ? everyMs
    : ({ state }: { readonly state: { readonly data: Answer | undefined } }) =>
        everyMs(state.data) ?? (false as const);

export interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** A list that is read page by page. */
export function usePages<Item>(path: string, options: ListOptions = {}) {
  const api = useApi();
  const { query = {}, isWanted = true, everyMs } = options;
  return useInfiniteQuery({
    queryKey: [path, 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      api.ask<PageOf<Item>>(path, { query: { ...query, after: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: PageOf<Item>) => next,
    enabled: isWanted,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}
