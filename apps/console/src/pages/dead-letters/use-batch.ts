import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { runBatch, type BatchProgress } from './batch.ts';

export type LetterVerb = 'replay' | 'drop';

/** Replays or drops letters one after the other, and tells how far it is. */
export function useBatch() {
  const api = useApi();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<BatchProgress | null>(null);
  const [verb, setVerb] = useState<LetterVerb>('replay');
  const [isRunning, setRunning] = useState(false);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);

  async function run(wanted: LetterVerb, ids: readonly string[]): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    setVerb(wanted);
    setRunning(true);
    await runBatch({
      ids,
      act: (id) => api.ask(`/v1/dead-letters/${id}/${wanted}`, { method: 'POST' }),
      onProgress: setProgress,
      signal: controller.signal,
    });
    setRunning(false);
    await queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => path === '/v1/dead-letters' });
  }
  return {
    progress,
    verb,
    isRunning,
    run,
    stop: () => stop.current?.abort(),
    clear: () => setProgress(null),
  };
}
