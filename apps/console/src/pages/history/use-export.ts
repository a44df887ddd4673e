import { useEffect, useRef, useState } from 'react';
import type { Query } from '../../api/api.ts';
import { useApi, type PageOf } from '../../api/use-api.ts';
import type { ListedCall } from '../../calls/listed-call.ts';
import type { Zone } from '../../time/moment.ts';
import { historyCopy } from './copy.ts';
import { csvOf } from './csv.ts';

const copy = historyCopy.export;
const pageRows = 500;
/** More than a spreadsheet is pleasant with, and what a tab may hold in memory meanwhile. */
export const exportedMax = 50_000;

export type Exporting =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly count: number }
  | { readonly state: 'done' | 'failed'; readonly text: string };

const number = new Intl.NumberFormat('en');

/** Reads everything that a filter lets through, page by page, and hands it over as a file. */
export function useExport() {
  const api = useApi();
  const [exporting, setExporting] = useState<Exporting>({ state: 'idle' });
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function run(query: Query, zone: Zone): Promise<void> {
    const controller = new AbortController();
    abort.current = controller;
    setExporting({ state: 'running', count: 0 });
    try {
      const { calls, isCapped } = await readAll(query, controller.signal);
      save(csvOf(calls, zone), `calls-${new Date().toISOString().slice(0, 10)}.csv`);
      const count = number.format(calls.length);
      setExporting({ state: 'done', text: isCapped ? copy.capped(count) : copy.done(count) });
    } catch (error) {
      if (controller.signal.aborted) setExporting({ state: 'idle' });
      else setExporting({ state: 'failed', text: copy.failed(error instanceof Error ? error.message : '') });
    }
  }

  async function readAll(query: Query, signal: AbortSignal) {
    const calls: ListedCall[] = [];
    for (let after: string | null = null; ;) {
      const asked = { query: { ...query, limit: pageRows, after }, signal };
      const page: PageOf<ListedCall> = await api.ask('/v1/calls', asked);
      calls.push(...page.items);
      setExporting({ state: 'running', count: calls.length });
      if (page.next === null || calls.length >= exportedMax) return { calls, isCapped: page.next !== null };
      after = page.next;
    }
  }

  return { exporting, run, cancel: () => abort.current?.abort() };
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
