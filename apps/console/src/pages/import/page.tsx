import { useTopic } from '@trunkline/realtime-react';
import { useParams } from 'wouter';
import type { ContactImport } from '../../api/answers.ts';
import { useResource } from '../../api/use-api.ts';
import { importsCopy as copy } from '../../imports/copy.ts';
import { Loaded } from '../../ops/loaded.tsx';
import { BackLink, OpsPage } from '../../ops/ops-page.tsx';
import { useRefresh } from '../../ops/use-refresh.ts';
import { useMay } from '../../session/session-provider.tsx';
import { Check } from './check.tsx';
import { Progress } from './progress.tsx';
import { Result } from './result.tsx';
import { useNews } from './use-news.ts';

/** Push tells how it goes on; where it can't, the API is asked. */
const askMs = 3_000;

/** One import, at whatever step it is: what the file holds, how far it is, what became of its rows. */
export function Page() {
  const { import: id = '' } = useParams();
  const mayWrite = useMay('contacts:write');
  const found = useResource<ContactImport>(`/v1/imports/${id}`, {
    everyMs: (known) => (known !== undefined && known.finishedAt !== null ? null : askMs),
  });
  useRefresh(found.refetch);
  useTopic(`imports:${id}`);
  const newest = useNews(id, found.refetch);
  return (
    <OpsPage>
      <BackLink href="/imports">{copy.back}</BackLink>
      <Loaded from={found} what={copy.one}>
        {(known) => {
          const now = newest(known);
          if (now.state === 'uploaded' && mayWrite)
            return <Check known={now} onStarted={() => void found.refetch()} />;
          return now.finishedAt === null ? (
            <Progress known={now} onCancelled={() => void found.refetch()} />
          ) : (
            <Result known={now} />
          );
        }}
      </Loaded>
    </OpsPage>
  );
}
