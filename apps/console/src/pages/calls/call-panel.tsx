import { useRow } from '@trunkline/realtime-react';
import { Link } from 'wouter';
import { CallFacts } from '../../calls/call-facts.tsx';
import { callPath } from '../../calls/call-path.ts';
import { calleeText, callerText } from '../../calls/call-words.ts';
import { HangUp } from '../../calls/hang-up.tsx';
import { Timeline } from '../../calls/timeline.tsx';
import { timelineCopy } from '../../calls/timeline-copy.ts';
import { runThatClosed } from '../../calls/timeline.ts';
import { useCallDetail } from '../../calls/use-call-detail.ts';
import { nameOfLink } from '../../links/link-words.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { liveCopy } from './copy.ts';

const copy = liveCopy.panel;

/** Everything about one call, beside the list. It stays when the call has left the list. */
export function CallPanel({ callKey, onClose }: { readonly callKey: string; readonly onClose: () => void }) {
  const slash = callKey.indexOf('/');
  const of = { pbx: callKey.slice(0, slash), call: callKey.slice(slash + 1) };
  const { call, data, error, refetch } = useCallDetail(of);
  const link = useRow('link', of.pbx);
  const title = call === undefined ? of.call : `${callerText(call)} → ${calleeText(call)}`;
  return (
    <SidePanel title={title} closeLabel={copy.close} onClose={onClose}>
      {call !== undefined && (
        <>
          <HangUp call={call} />
          <CallFacts
            call={call}
            pbxName={nameOfLink(link ?? { pbx: call.pbx, ...(data !== undefined && { name: data.pbxName }) })}
            verifiedAt={data?.verifiedAt ?? null}
            run={data === undefined ? null : runThatClosed(data)}
          />
          <Link href={callPath(of)}>{copy.page}</Link>
        </>
      )}
      <h3>{timelineCopy.heading}</h3>
      {data !== undefined ? (
        <Timeline call={data} />
      ) : error === null ? (
        <p>{copy.loading}</p>
      ) : (
        <ErrorNotice title={copy.failed} error={error} onRetry={() => void refetch()} />
      )}
    </SidePanel>
  );
}
