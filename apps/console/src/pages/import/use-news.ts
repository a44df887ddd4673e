import { useRows } from '@trunkline/realtime-react';
import { useEffect } from 'react';
import type { ContactImport } from '../../api/answers.ts';

/** What push told since the API was asked; at its end the API is asked once more, for all that push does not tell. */
export function useNews(id: string, refetch: () => unknown) {
  const told = useRows('import').find((row) => row.import === id);
  const isEnded = told?.finishedAt !== undefined && told.finishedAt !== null;
  useEffect(() => {
    if (isEnded) void refetch();
  }, [isEnded, refetch]);
  return (known: ContactImport): ContactImport => {
    if (told === undefined || known.finishedAt !== null || (told.done ?? 0) < known.rowsDone) return known;
    const { done, bytesDone, created, updated, unchanged, skipped, rejected } = told;
    const counts = { rowsDone: done, bytesDone, created, updated, unchanged, skipped, rejected };
    return {
      ...known,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined)),
    };
  };
}
