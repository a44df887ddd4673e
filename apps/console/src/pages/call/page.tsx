import { useConnection, useRow } from '@trunkline/realtime-react';
import { ArrowLeft, Mic } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { ApiError } from '../../api/problem.ts';
import { CallFacts } from '../../calls/call-facts.tsx';
import { callOfPath } from '../../calls/call-path.ts';
import { calleeText, callerText } from '../../calls/call-words.ts';
import { HangUp } from '../../calls/hang-up.tsx';
import type { CallRecording } from '../../calls/listed-call.ts';
import { PlaceCall } from '../../calls/place-call.tsx';
import { timelineCopy } from '../../calls/timeline-copy.ts';
import { runThatClosed } from '../../calls/timeline.ts';
import { Timeline } from '../../calls/timeline.tsx';
import { useCallDetail } from '../../calls/use-call-detail.ts';
import { isVerified } from '../../links/link-words.ts';
import { Recordings } from '../../recordings/recordings.tsx';
import { useMay } from '../../session/session-provider.tsx';
import { elapsedText } from '../../time/elapsed.ts';
import { Moment } from '../../ui/moment.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { callCopy as copy } from './copy.ts';
import styles from './page.module.css';

/** One call: what it is, how it came to be that, and what can be done about it. */
export function Page() {
  // The router decodes only some letters, so the address is read as it stands there.
  useLocation();
  const of = callOfPath(location.pathname);
  if (of === null)
    return <Notice title={copy.badAddress} action={<Link href="/history">{copy.back}</Link>} />;
  return <CallPage key={`${of.pbx}/${of.call}`} of={of} />;
}

function CallPage({ of }: { readonly of: { readonly pbx: string; readonly call: string } }) {
  const { call, data, error, refetch } = useCallDetail(of);
  const { isConnected } = useConnection();
  const link = useRow('link', of.pbx);
  const mayHear = useMay('recordings:read');
  if (data === undefined || call === undefined) {
    if (error === null) return <Notice title={copy.loading} />;
    return error instanceof ApiError && error.status === 404 ? (
      <Notice title={copy.notFound} action={<Link href="/history">{copy.back}</Link>}>
        {copy.notFoundLead}
      </Notice>
    ) : (
      <ErrorNotice title={copy.failed} error={error} onRetry={() => void refetch()} />
    );
  }
  const isOpen = call.status !== 'ended';
  const other = call.direction === 'outbound' ? call.calleeNumber : call.callerNumber;
  return (
    <div className={styles.page}>
      <nav aria-label={copy.trail}>
        <Link href={isOpen ? '/calls' : '/history'} className={styles.back}>
          <ArrowLeft size={16} aria-hidden />
          {isOpen ? copy.live : copy.back}
        </Link>
      </nav>
      <header className={styles.header}>
        <h2>
          {callerText(call)} → {calleeText(call)}
        </h2>
        <div className={styles.actions}>
          <PlaceCall to={other === null || other.includes('*') ? '' : other} pbx={call.pbx} />
          {isOpen && <HangUp call={call} />}
        </div>
      </header>
      {isOpen && !isConnected && <p className={styles.warning}>{copy.stale}</p>}
      {isOpen && isConnected && link !== undefined && !isVerified(link) && (
        <p className={styles.warning}>{copy.unverified}</p>
      )}
      <div className={styles.columns}>
        <section className={styles.card} aria-label={copy.facts}>
          <CallFacts
            call={call}
            pbxName={data.pbxName}
            verifiedAt={data.verifiedAt}
            run={runThatClosed(data)}
          />
          {data.recordings.length > 0 &&
            (mayHear ? <Recordings of={of} /> : <Recorded recordings={data.recordings} />)}
        </section>
        <section className={styles.card}>
          <h3>{timelineCopy.heading}</h3>
          <Timeline call={data} />
        </section>
      </div>
    </div>
  );
}

/** For whoever may not hear them: that they are there. */
const Recorded = ({ recordings }: { readonly recordings: readonly CallRecording[] }) => (
  <div className={styles.recordings}>
    <h3>{copy.recordings}</h3>
    <ul>
      {recordings.map(({ recording, readyAt, durationSeconds }) => (
        <li key={recording}>
          <Mic size={16} aria-hidden />
          <span>
            {copy.recording(
              recording,
              durationSeconds === null ? null : elapsedText(durationSeconds * 1_000),
            )}
          </span>
          <Moment at={readyAt} />
        </li>
      ))}
    </ul>
  </div>
);
