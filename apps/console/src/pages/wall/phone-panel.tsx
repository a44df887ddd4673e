import { useRow } from '@trunkline/realtime-react';
import { X } from 'lucide-react';
import { useEffect, useId, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { useResource, type PageOf } from '../../api/use-api.ts';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { nameOfLink, wordsOfLink } from '../../links/link-words.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { IconButton } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { wallCopy } from './copy.ts';
import type { LiveBoard } from './live-board.ts';
import styles from './phone-panel.module.css';
import type { Phone } from './phone.ts';

const copy = wallCopy.panel;

interface PanelProps {
  readonly board: LiveBoard;
  readonly phoneKey: string;
  readonly onClose: () => void;
}

/** Everything about one phone, beside the board. */
export function PhonePanel({ board, phoneKey, onClose }: PanelProps) {
  const phone = useSyncExternalStore(
    (listener) => board.subscribeTile(phoneKey, listener),
    () => board.phone(phoneKey),
  );
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  useShortcut('Escape', wallCopy.keys.close, wallCopy.section, onClose);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  const number = phoneKey.slice(phoneKey.indexOf('/') + 1);
  return (
    <aside className={styles.panel} aria-labelledby={titleId}>
      <header className={styles.header}>
        <h2 id={titleId} ref={title} tabIndex={-1}>
          {number}
          {phone?.name && <span>{phone.name}</span>}
        </h2>
        <IconButton label={copy.close} onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      {phone === undefined ? <p>{copy.gone}</p> : <Facts phone={phone} />}
      <LastCalls number={number} pbx={phoneKey.slice(0, phoneKey.indexOf('/'))} />
    </aside>
  );
}

function Facts({ phone }: { readonly phone: Phone }) {
  const { status, since, other, way, pbx, revision } = phone;
  const link = useRow('link', pbx);
  return (
    <dl className={styles.facts}>
      <Fact name={copy.state}>
        <StateBadge state={status} /> {wallCopy.words[status]}
      </Fact>
      <Fact name={copy.inState}>
        <Moment at={since} as="elapsed" />
      </Fact>
      {way !== null && (
        <Fact name={copy.live}>
          {way === 'from' ? copy.from : copy.to} {other ?? copy.unknownParty}
        </Fact>
      )}
      <Fact name={copy.pbx}>
        {nameOfLink(link ?? { pbx })}
        {link !== undefined && ` · ${wordsOfLink(link).word.toLowerCase()}`}
      </Fact>
      <Fact name={copy.raw}>
        <code>{status}</code> · {copy.version(revision)}
      </Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface ListedCall {
  readonly pbx: string;
  readonly call: string;
  readonly status: 'calling' | 'ringing' | 'connected' | 'held' | 'ended';
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly talkSeconds: number | null;
  readonly callerNumber: string | null;
  readonly calleeNumber: string | null;
}

const lastCallsMax = 8;

function LastCalls({ number, pbx }: { readonly number: string; readonly pbx: string }) {
  const query = { extension: number, pbx, limit: lastCallsMax };
  const { data, error, refetch } = useResource<PageOf<ListedCall>>('/v1/calls', { query, everyMs: 15_000 });
  return (
    <section className={styles.calls}>
      <h3>{copy.last}</h3>
      {error !== null && data === undefined && (
        <ErrorNotice title={copy.callsFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data?.items.length === 0 && <p className={styles.none}>{copy.noCalls}</p>}
      <ul>
        {data?.items.map((call) => (
          <li key={call.call}>
            <StateBadge state={call.status} />
            <span className={styles.party}>{partyText(call, number)}</span>
            <span className={styles.talk}>{talkText(call)}</span>
            <Moment at={call.startedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function partyText({ callerNumber, calleeNumber }: ListedCall, number: string): string {
  const isCaller = callerNumber === number;
  const other = (isCaller ? calleeNumber : callerNumber) ?? copy.unknownParty;
  return `${isCaller ? '→' : '←'} ${other}`;
}

function talkText({ answeredAt, talkSeconds }: ListedCall): string {
  if (talkSeconds !== null) return elapsedText(talkSeconds * 1_000);
  return answeredAt === null ? copy.notAnswered : copy.answered;
}
