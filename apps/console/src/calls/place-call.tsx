import { useConnection, useRows } from '@trunkline/realtime-react';
import { PhoneOutgoing } from 'lucide-react';
import { useId, useRef, useState, type FormEvent } from 'react';
import { ApiError } from '../api/problem.ts';
import { useApi } from '../api/use-api.ts';
import { isVerified, nameOfLink } from '../links/link-words.ts';
import { useMay } from '../session/session-provider.tsx';
import { settingsStore } from '../settings/use-settings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { callsCopy } from './copy.ts';
import { dialledPattern } from './dialled.ts';
import styles from './place-call.module.css';

const copy = callsCopy.place;

interface Wish {
  readonly pbx: string;
  readonly from: string;
  readonly to: string;
}

/** "Call…", for those who may. */
export function PlaceCall({ to = '', pbx }: { readonly to?: string; readonly pbx?: string }) {
  const mayControl = useMay('calls:control');
  const [isOpen, setOpen] = useState(false);
  if (!mayControl) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <PhoneOutgoing size={16} aria-hidden />
        <span className={styles.label}>{copy.open}</span>
      </Button>
      {isOpen && <PlaceCallDialog to={to} pbx={pbx} onClose={() => setOpen(false)} />}
    </>
  );
}

interface DialogProps {
  readonly to: string;
  readonly pbx: string | undefined;
  readonly onClose: () => void;
}

function PlaceCallDialog({ to, pbx, onClose }: DialogProps) {
  const id = useId();
  const links = useRows('link').filter(isVerified);
  const { isConnected } = useConnection();
  const { send, isBusy, problem } = usePlaceCall(onClose);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    void send({ pbx: text('pbx'), from: text('from'), to: text('to') });
  };
  const isRefused = !isConnected || links.length === 0;
  return (
    <Dialog isOpen onClose={onClose} title={copy.title}>
      <form className={styles.form} onSubmit={submit}>
        <p>{copy.lead}</p>
        <label htmlFor={`${id}-pbx`}>{copy.pbx}</label>
        <select id={`${id}-pbx`} name="pbx" defaultValue={pbx} required>
          {links.map((link) => (
            <option key={link.pbx} value={link.pbx}>
              {nameOfLink(link)}
            </option>
          ))}
        </select>
        <DialledField
          id={`${id}-from`}
          name="from"
          label={copy.from}
          hint={copy.fromHint}
          start={ownPhone()}
        />
        <DialledField id={`${id}-to`} name="to" label={copy.to} hint={copy.toHint} start={to} />
        {links.length === 0 && <p className={styles.problem}>{copy.noPbx}</p>}
        {!isConnected && <p className={styles.problem}>{callsCopy.hangUp.reconnect}.</p>}
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <div className={styles.actions}>
          <Button onClick={onClose}>{copy.cancel}</Button>
          <Button look="primary" type="submit" isBusy={isBusy} disabled={isRefused}>
            {problem === null ? copy.submit : copy.again}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly start: string;
}

const DialledField = ({ id, name, label, hint, start }: FieldProps) => (
  <>
    <label htmlFor={id}>{label}</label>
    <input
      id={id}
      name={name}
      defaultValue={start}
      required
      maxLength={64}
      pattern={dialledPattern}
      title={copy.bad}
      aria-describedby={`${id}-hint`}
      autoComplete="off"
    />
    <small id={`${id}-hint`}>{hint}</small>
  </>
);

const ownPhone = (): string => settingsStore.get().myPhones[0]?.split('/').at(-1) ?? '';

/** The same wish keeps its key however often it is sent, so that the PBX makes one call. Another wish gets another. */
function usePlaceCall(onDone: () => void) {
  const api = useApi();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const sent = useRef<{ readonly text: string; readonly key: string } | null>(null);

  async function send(wish: Wish): Promise<void> {
    const text = JSON.stringify(wish);
    if (sent.current?.text !== text) sent.current = { text, key: crypto.randomUUID() };
    setBusy(true);
    setProblem(null);
    try {
      await api.ask('/v1/calls', { method: 'POST', body: wish, idempotencyKey: sent.current.key });
      onDone();
    } catch (error) {
      const isUnknown = error instanceof ApiError && (error.kind === 'outcome-unknown' || error.status === 0);
      // What the PBX has refused would be refused again under the same key; whoever asks anew means it anew.
      if (!isUnknown) sent.current = null;
      setProblem(isUnknown ? copy.unknown : error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  }
  return { send, isBusy, problem };
}
