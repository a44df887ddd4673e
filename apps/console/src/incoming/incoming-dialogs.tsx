import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { callPath } from '../calls/call-path.ts';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { useSettings } from '../settings/use-settings.ts';
import { elapsedText } from '../time/elapsed.ts';
import { serverClock } from '../time/server-clock.ts';
import { useTick } from '../time/use-tick.ts';
import { Button } from '../ui/button.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { incomingCopy as copy } from './copy.ts';
import styles from './incoming-dialogs.module.css';
import { callerOf } from './caller-of.ts';
import { useIncoming } from './incoming-provider.tsx';
import type { Ring } from './incoming.ts';
import { useNamedCall } from './use-named-call.ts';
import { useRingingTitle } from './use-ringing-title.ts';

const shownMax = 3;

/** Calls that ring, above everything and beside whatever one does: they never take the focus by themselves. */
export function IncomingDialogs() {
  const { state, silence, dismiss } = useIncoming();
  const { announces } = useSettings();
  const element = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  const rings = [...state.rings.values()];
  const ringing = rings.filter(({ phase }) => phase === 'ringing');
  useRingingTitle(ringing.length);
  useTick(ringing.length > 0);
  const focus = () => {
    opener.current = document.activeElement;
    element.current?.querySelector<HTMLElement>('[role="dialog"]')?.focus();
  };
  useShortcut('i', copy.keys.focus, copy.keys.section, rings.length > 0 ? focus : null);
  useFocusReturn(element, opener, rings.length);
  const latest = ringing.at(-1);
  return (
    <>
      <p className="visually-hidden" aria-live="assertive">
        {announces && latest !== undefined && copy.announced(callerOf(latest), latest.phone)}
      </p>
      {rings.length > 0 && (
        <section ref={element} className={styles.stack} aria-label={copy.region}>
          {rings.slice(0, shownMax).map((ring) => (
            <RingDialog
              key={ring.key}
              ring={ring}
              onSilence={() => silence(ring.key)}
              onDismiss={() => dismiss(ring.key)}
            />
          ))}
          {rings.length > shownMax && <p className={styles.more}>{copy.more(rings.length - shownMax)}</p>}
        </section>
      )}
    </>
  );
}

interface RingDialogProps {
  readonly ring: Ring;
  readonly onSilence: () => void;
  readonly onDismiss: () => void;
}

function RingDialog({ ring, onSilence, onDismiss }: RingDialogProps) {
  const [, navigate] = useLocation();
  const { key, phone, phase, by, since, isSilenced, mayRing } = ring;
  const call = useNamedCall(ring.call);
  const titleId = `incoming-${key}`;
  const open = () => {
    onSilence();
    navigate(callPath(call));
  };
  return (
    <div
      role="dialog"
      aria-modal="false"
      aria-labelledby={titleId}
      tabIndex={-1}
      className={styles.dialog}
      data-phase={phase}
      data-call={call.call}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDismiss();
      }}
    >
      <header className={styles.header}>
        <StateBadge
          state={phase === 'ringing' ? 'ringing' : phase === 'elsewhere' ? 'connected' : 'unknown'}
        />
        <h2 id={titleId}>{phase === 'elsewhere' ? copy.elsewhere(by ?? '') : copy.title}</h2>
        {phase === 'ringing' && <span className={styles.time}>{elapsedText(serverClock.now() - since)}</span>}
      </header>
      <p className={styles.number}>{call.callerNumber ?? copy.unknownCaller}</p>
      <p className={styles.detail}>
        {call.callerName !== null && `${call.callerName} · `}
        {copy.to(call.did ?? call.calleeNumber, phone)}
      </p>
      {phase === 'lost' && <p className={styles.lost}>{copy.lost}</p>}
      <div className={styles.actions}>
        <Button look="primary" onClick={open}>
          {copy.open}
        </Button>
        {phase === 'ringing' && mayRing && (
          <Button disabled={isSilenced} onClick={onSilence}>
            {isSilenced ? copy.silenced : copy.silence}
          </Button>
        )}
        <Button onClick={onDismiss}>{copy.dismiss}</Button>
      </div>
    </div>
  );
}

/** A dialog that closes under the focus gives it to the next one, and the last one to where it came from. */
function useFocusReturn(
  element: React.RefObject<HTMLElement | null>,
  opener: React.RefObject<Element | null>,
  count: number,
): void {
  const wasWithin = useRef(false);
  useEffect(() => {
    const isNowhere = document.activeElement === document.body || document.activeElement === null;
    if (wasWithin.current && isNowhere) {
      const next = element.current?.querySelector<HTMLElement>('[role="dialog"]') ?? opener.current;
      if (next instanceof HTMLElement) next.focus();
    }
    wasWithin.current = element.current?.contains(document.activeElement) === true;
  }, [count, element, opener]);
  useEffect(() => {
    const note = () => {
      wasWithin.current = element.current?.contains(document.activeElement) === true;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [element]);
}
