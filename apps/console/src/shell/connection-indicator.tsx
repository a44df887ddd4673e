import { describeConnection, useConnection, useRealtime, type Described } from '@trunkline/realtime-react';
import { Clock, Hourglass, Lock, WifiOff } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type MouseEvent } from 'react';
import { useSession } from '../session/session-provider.tsx';
import { useTick } from '../time/use-tick.ts';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { ConnectionDetails } from './connection-details.tsx';
import styles from './connection-indicator.module.css';
import { shellCopy } from './copy.ts';

const copy = shellCopy.connection;
/** The panel stays while the pointer is on its way from the button to it. */
const leaveMs = 250;

/** How this browser is connected to Trunkline: always there, always true. */
export function ConnectionIndicator() {
  const connection = useConnection();
  const { session } = useSession();
  const lateSince = useLateSince();
  const { isOpen, takesFocus, pin, keep, enter, leave } = useOpenState();
  const { nextAttemptAt } = connection;
  useTick(nextAttemptAt !== null || lateSince !== null);
  const waitMs = nextAttemptAt === null ? null : nextAttemptAt - Date.now();
  const lateMs = lateSince === null ? null : Math.max(0, Date.now() - lateSince);
  const { state, words, spoken } = describeConnection(connection, waitMs, lateMs);
  const mayRetry = state === 'reconnecting' || state === 'disconnected';

  return (
    <>
      <Popover
        label={copy.panel}
        isOpen={isOpen}
        onOpenChange={pin}
        takesFocus={takesFocus}
        onPointerEnter={enter}
        onPointerLeave={leave}
        trigger={
          <button
            type="button"
            className={styles.button}
            data-state={state}
            onPointerEnter={enter}
            onPointerLeave={leave}
            onClick={keep}
          >
            <Sign state={state} />
            <span className="visually-hidden">{`${copy.label}: `}</span>
            <span className={styles.words}>{words}</span>
          </button>
        }
      >
        <div className={styles.panel}>
          <ConnectionDetails connection={connection} state={state} spoken={spoken} waitMs={waitMs} />
          {mayRetry && (
            <Button look="primary" onClick={() => void connection.forceReconnect()}>
              {copy.retry}
            </Button>
          )}
          {state === 'signed-out' && (
            <Button look="primary" onClick={() => void session.signIn()}>
              {shellCopy.signIn}
            </Button>
          )}
        </div>
      </Popover>
      <span className="visually-hidden" role="status">
        {spoken}
      </span>
    </>
  );
}

/** A shape of its own for each state, so that colour is not needed. */
function Sign({ state }: { readonly state: Described['state'] }) {
  if (state === 'signed-out') return <Lock size={14} aria-hidden />;
  if (state === 'delayed') return <Hourglass size={14} aria-hidden />;
  if (state === 'disconnected') return <WifiOff size={14} aria-hidden />;
  if (state === 'reconnecting') return <Clock size={14} aria-hidden />;
  return <span className={styles.dot} aria-hidden />;
}

/** Opened by a click or a key it takes the focus; opened by the pointer it does not, and goes with it. */
function useOpenState() {
  const [open, setOpen] = useState<'closed' | 'pointed' | 'pinned'>('closed');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    isOpen: open !== 'closed',
    takesFocus: open === 'pinned',
    pin: (isOpen: boolean) => {
      clearTimeout(timer.current);
      setOpen(isOpen ? 'pinned' : 'closed');
    },
    /** A click on what the pointer has opened keeps it open, where it would close it otherwise. */
    keep: (event: MouseEvent) => {
      if (open !== 'pointed') return;
      event.preventDefault();
      setOpen('pinned');
    },
    enter: () => {
      if (!matchMedia('(hover: hover)').matches) return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setOpen((now) => (now === 'closed' ? 'pointed' : now)), leaveMs);
    },
    leave: () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setOpen((now) => (now === 'pointed' ? 'closed' : now)), leaveMs);
    },
  };
}

/** Since when the topic that is furthest behind is, while the connection itself is fine. */
function useLateSince(): number | null {
  const { client } = useRealtime();
  const read = () => {
    let worst: number | null = null;
    for (const topic of client.topics.topics()) {
      const { state, asOf } = client.topicStatus(topic);
      if ((state !== 'delayed' && state !== 'stale') || asOf === null) continue;
      worst = worst === null ? asOf : Math.min(worst, asOf);
    }
    return worst;
  };
  const subscribe = useCallback((listener: () => void) => client.on('topic:status', listener), [client]);
  return useSyncExternalStore(subscribe, read);
}
