import { useEffect, useRef, useState } from 'react';
import type { Query } from '../../api/api.ts';
import { useApi } from '../../api/use-api.ts';
import type { Zone } from '../../time/moment.ts';
import { historyCopy } from './copy.ts';

const copy = historyCopy.export;

export type Exporting =
  | { readonly state: 'idle' | 'running' }
  | { readonly state: 'done' | 'failed'; readonly text: string };

/** Everything that a filter lets through as a file. The server writes it, as for everybody else who asks for one. */
export function useExport() {
  const api = useApi();
  const [exporting, setExporting] = useState<Exporting>({ state: 'idle' });
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function run(query: Query, zone: Zone): Promise<void> {
    const { signal } = (abort.current = new AbortController());
    setExporting({ state: 'running' });
    try {
      const asked = { query: { ...query, zone: namedZone(zone) }, signal };
      const file = await api.fetch('/v1/calls/export', asked);
      save(await file.blob(), `calls-${new Date().toISOString().slice(0, 10)}.csv`);
      const isCapped = file.headers.get('trunkline-more') === 'true';
      setExporting({ state: 'done', text: isCapped ? copy.capped : copy.done });
    } catch (error) {
      if (signal.aborted) setExporting({ state: 'idle' });
      else setExporting({ state: 'failed', text: copy.failed(error instanceof Error ? error.message : '') });
    }
  }

  return { exporting, run, cancel: () => abort.current?.abort() };
}

const namedZone = (zone: Zone): string =>
  zone === 'local' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : zone;

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
