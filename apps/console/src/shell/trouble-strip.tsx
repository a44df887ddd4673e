import { useRealtime, useRows, useTopic } from '@trunkline/realtime-react';
import { CheckCircle2, OctagonAlert, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { isVerified, nameOfLink } from '../links/link-words.ts';
import { linksCopy } from '../links/copy.ts';
import { troublesOf } from '../links/troubles.ts';
import { useMay, useSession, useSessionState } from '../session/session-provider.tsx';
import { sessionCopy } from '../session/copy.ts';
import { serverClock } from '../time/server-clock.ts';
import { useTick } from '../time/use-tick.ts';
import { Button } from '../ui/button.tsx';
import { Moment } from '../ui/moment.tsx';
import { shellCopy } from './copy.ts';
import styles from './trouble-strip.module.css';

const linesMax = 3;
const backMs = 5_000;

/** What is wrong now, a line each, worst first. Nobody can close it, and it goes by itself. */
export function TroubleStrip() {
  const state = useSessionState();
  const { session } = useSession();
  const mayRead = useMay('calls:read');
  return (
    <div className={styles.strip}>
      <section aria-label={shellCopy.session} role="status">
        {state.name === 'ended' && (
          <p className={styles.line} data-tone="warn">
            <TriangleAlert size={16} aria-hidden />
            <span className={styles.text}>{sessionCopy.ended}</span>
            <Button onClick={() => void session.signIn()}>{shellCopy.signIn}</Button>
          </p>
        )}
      </section>
      {mayRead && <LinkTroubles />}
    </div>
  );
}

function LinkTroubles() {
  useTopic('pbx');
  const { store } = useRealtime();
  const links = useRows('link');
  useRows('connection');
  const back = useBack();
  const troubles = troublesOf(links, (pbx) => store.get('connection', pbx), serverClock.now());
  useTick(troubles.length > 0);
  const shown = troubles.slice(0, linesMax);
  return (
    <section aria-label={shellCopy.troubles} role="status">
      {shown.map(({ pbx, tone, since, text, next }) => (
        <p key={pbx} className={styles.line} data-tone={tone}>
          {tone === 'danger' ? (
            <OctagonAlert size={16} aria-hidden />
          ) : (
            <TriangleAlert size={16} aria-hidden />
          )}
          <span className={styles.text}>{text}</span>
          <span className={styles.next} aria-live="off">
            <Moment at={since} /> · {next}
          </span>
        </p>
      ))}
      {troubles.length > linesMax && (
        <p className={styles.line} data-tone="warn">
          {shellCopy.moreTroubles(troubles.length - linesMax)}
        </p>
      )}
      {back.map((text) => (
        <p key={text} className={styles.line} data-tone="ok">
          <CheckCircle2 size={16} aria-hidden />
          <span className={styles.text}>{text}</span>
        </p>
      ))}
    </section>
  );
}

/** Tells for a moment of links that were in trouble and are verified again. */
function useBack(): readonly string[] {
  const { store } = useRealtime();
  const links = useRows('link');
  const before = useRef(new Map<string, boolean>());
  const [back, setBack] = useState<readonly string[]>([]);
  useEffect(() => {
    const news: string[] = [];
    for (const link of links) {
      const verified = isVerified(link);
      if (verified && before.current.get(link.pbx) === false) {
        const count = store.list('extension').filter(({ pbx }) => pbx === link.pbx).length;
        news.push(linksCopy.back(nameOfLink(link), count));
      }
      before.current.set(link.pbx, verified);
    }
    if (news.length === 0) return;
    setBack((known) => [...known, ...news]);
    setTimeout(() => setBack((known) => known.filter((text) => !news.includes(text))), backMs);
  }, [links, store]);
  return back;
}
