import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { LetterGroups, ResolvedLetters } from '../../api/answers.ts';
import { useApi } from '../../api/use-api.ts';
import { runBatch, type BatchProgress, type BatchWish } from './batch.ts';

export type LetterVerb = 'replay' | 'drop';

/** Replays or drops letters some after some, and tells how far it is. */
export function useBatch() {
  const api = useApi();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<BatchProgress | null>(null);
  const [verb, setVerb] = useState<LetterVerb>('replay');
  const [isRunning, setRunning] = useState(false);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);

  async function run(wanted: LetterVerb, wish: BatchWish): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    setVerb(wanted);
    setRunning(true);
    await runBatch({
      wish,
      send: (body) => api.ask<ResolvedLetters>(`/v1/dead-letters/${wanted}`, { method: 'POST', body }),
      onProgress: setProgress,
      signal: controller.signal,
    });
    setRunning(false);
    await queries.invalidateQueries({
      predicate: ({ queryKey: [path] }) => String(path).startsWith('/v1/dead-letters'),
    });
  }

  /** Counts now what a filter matches, and freezes that. */
  async function freeze(filter: Readonly<Record<string, string>>): Promise<BatchWish> {
    const { total, countedAt } = await api.ask<LetterGroups>('/v1/dead-letters/groups', {
      query: { state: 'parked', ...filter },
    });
    return { filter, failedBy: countedAt, count: total };
  }
  return {
    progress,
    verb,
    isRunning,
    run,
    freeze,
    stop: () => stop.current?.abort(),
    clear: () => setProgress(null),
  };
}
