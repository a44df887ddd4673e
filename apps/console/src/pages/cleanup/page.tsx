import { useRows, useTopic } from '@trunkline/realtime-react';
import { useEffect } from 'react';
import type { CleanupRun } from '../../api/answers.ts';
import { usePages } from '../../api/use-api.ts';
import { CleanupRuns } from '../../ops/cleanup-runs.tsx';
import { opsCopy } from '../../ops/copy.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { Field, OpsPage, Section, opsStyles } from '../../ops/ops-page.tsx';
import { PbxSelect } from '../../ops/pbx-select.tsx';
import { kindText } from '../../ops/run-words.ts';
import { useParam } from '../../ops/use-param.ts';
import { useRefresh } from '../../ops/use-refresh.ts';
import { LoadMore } from '../../ui/load-more.tsx';

const askMs = 15_000;
const kinds = ['disconnect', 'reconcile', 'sweep'] as const;

const copy = {
  lead: 'What was put right after lost links, by snapshots and by sweeps of stuck calls. A run opens to what it changed.',
  what: 'the cleanup runs',
  title: 'Runs',
  shown: (count: number, isAll: boolean) => `${count} shown, newest first${isAll ? '' : '; there are more'}`,
  after: 'After',
} as const;

/** Every run, newest first; new ones come by themselves. */
export function Page() {
  const [pbx, setPbx] = useParam('pbx');
  const [kind, setKind] = useParam('kind');
  const runs = usePages<CleanupRun>('/v1/cleanup-runs', { query: { pbx, kind }, everyMs: askMs });
  const { refetch } = runs;
  useRefresh(refetch);
  useNews(refetch);
  const { hasNextPage } = runs;
  return (
    <OpsPage lead={copy.lead}>
      <div className={opsStyles.row}>
        <PbxSelect value={pbx} onChange={setPbx} />
        <Field label={copy.after}>
          <select value={kind} onChange={(event) => setKind(event.target.value)}>
            <option value="">{opsCopy.all}</option>
            {kinds.map((each) => (
              <option key={each} value={each}>
                {kindText(each)}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <Loaded from={runs} what={copy.what}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <Section title={copy.title} count={copy.shown(items.length, !hasNextPage)}>
              <CleanupRuns runs={items} hasKeys />
              <LoadMore from={runs} />
            </Section>
          );
        }}
      </Loaded>
    </OpsPage>
  );
}

/** Live news of a run has the list asked for again, once for all that came together. */
function useNews(refetch: () => unknown): void {
  useTopic('cleanup');
  const news = useRows('cleanup');
  useEffect(() => {
    if (news.length === 0) return undefined;
    const timer = setTimeout(() => void refetch(), 500);
    return () => clearTimeout(timer);
  }, [news, refetch]);
}
