import { useConnection, useRow } from '@trunkline/realtime-react';
import { PhoneOff } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CallRow } from '@trunkline/realtime-client';
import { ApiError } from '../api/problem.ts';
import { useApi } from '../api/use-api.ts';
import { nameOfLink } from '../links/link-words.ts';
import { useMay } from '../session/session-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { calleeText, callerText } from './call-words.ts';
import { callsCopy } from './copy.ts';
import styles from './hang-up.module.css';
import { callApiPath } from './listed-call.ts';
import { refusalOf } from './refusal.ts';

const copy = callsCopy.hangUp;

type Told =
  | { readonly tone: 'ok'; readonly text: string }
  | { readonly tone: 'danger'; readonly text: string; readonly mayRepeat: boolean };

/** Ends a call at the PBX, after a question that names both parties. Never sent later than it was asked for. */
export function HangUp({ call }: { readonly call: CallRow }) {
  const api = useApi();
  const mayControl = useMay('calls:control');
  const { isConnected } = useConnection();
  const link = useRow('link', call.pbx);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const wish = useRef('');
  if (!mayControl) return null;

  const refusal = refusalOf(call, link, isConnected);
  const ask = () => {
    wish.current = crypto.randomUUID();
    setTold(null);
    setAsking(true);
  };
  const send = async () => {
    if (refusal !== null) {
      setAsking(false);
      return;
    }
    setBusy(true);
    setTold(await hangUp());
    setBusy(false);
    setAsking(false);
  };
  async function hangUp(): Promise<Told> {
    try {
      const asked = { method: 'POST', idempotencyKey: wish.current } as const;
      const { outcome } = await api.ask<{ outcome: string }>(`${callApiPath(call)}/hangup`, asked);
      return { tone: 'ok', text: outcome === 'gone' ? copy.gone : copy.done };
    } catch (error) {
      const isUnknown = error instanceof ApiError && (error.kind === 'outcome-unknown' || error.status === 0);
      const why = error instanceof Error ? error.message : String(error);
      const isOver = error instanceof ApiError && error.kind === 'conflict';
      return { tone: 'danger', text: isUnknown ? copy.unknown : copy.refused(why), mayRepeat: !isOver };
    }
  }

  return (
    <div className={styles.hangUp}>
      <Button look="danger" disabled={refusal !== null} isBusy={isBusy} onClick={ask}>
        <PhoneOff size={16} aria-hidden />
        {copy.action}
      </Button>
      {refusal !== null && call.status !== 'ended' && (
        <span className={styles.why}>
          {refusal === 'disconnected' ? copy.reconnect : copy.linkLost(nameOfLink(link ?? { pbx: call.pbx }))}
        </span>
      )}
      <p className={styles.told} data-tone={told?.tone} role="status">
        {told?.text}
        {told?.tone === 'danger' && told.mayRepeat && refusal === null && (
          <Button look="quiet" onClick={ask}>
            {copy.again}
          </Button>
        )}
      </p>
      <Confirm
        isOpen={isAsking}
        title={copy.title(callerText(call), calleeText(call))}
        action={copy.action}
        isBusy={isBusy}
        isRefused={refusal !== null}
        onConfirm={() => void send()}
        onCancel={() => setAsking(false)}
      >
        <p>{copy.body}</p>
        <p>{refusal === 'disconnected' ? `${copy.reconnect}.` : copy.expires}</p>
      </Confirm>
    </div>
  );
}
