import type { CallRow } from '@trunkline/realtime-client';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useMay } from '../session/session-provider.tsx';
import { elapsedText } from '../time/elapsed.ts';
import { serverClock } from '../time/server-clock.ts';
import { useTick } from '../time/use-tick.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Moment } from '../ui/moment.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { factsCopy as copy } from './facts-copy.ts';
import styles from './call-facts.module.css';
import { causeWord, directionWord, durationMs, isClosedByUs, statusWord } from './call-words.ts';
import { callsCopy } from './copy.ts';

interface CallFactsProps {
  readonly call: CallRow;
  readonly pbxName: string;
  readonly verifiedAt?: string | null;
  /** The run that closed it. */
  readonly run?: string | null;
}

/** What is known of a call, as far as it has happened. */
export function CallFacts({ call, pbxName, verifiedAt = null, run = null }: CallFactsProps) {
  const isOpen = call.status !== 'ended';
  useTick(isOpen);
  const duration = durationMs(call, serverClock.now());
  return (
    <dl className={styles.facts}>
      <Fact name={copy.state}>
        <span className={styles.state}>
          <StateBadge state={call.status} />
          {statusWord(call.status)}
        </span>
      </Fact>
      {!isOpen && (
        <Fact name={copy.endedAs}>
          {causeWord(call.cause)} <ClosedByUs cause={call.cause} run={run} />
        </Fact>
      )}
      <Fact name={copy.from}>
        <Party number={call.callerNumber} name={call.callerName} />
      </Fact>
      <Fact name={copy.to}>
        <Party number={call.calleeNumber} name={call.calleeName} />
      </Fact>
      {call.did !== null && <Fact name={copy.dialled}>{call.did}</Fact>}
      <Fact name={copy.phones}>{call.extensions.join(', ') || callsCopy.unknown}</Fact>
      <Fact name={copy.direction}>
        {directionWord(call.direction)}
        {call.trunk !== null && ` · ${call.trunk}`}
      </Fact>
      <Fact name={copy.pbx}>{pbxName}</Fact>
      <Fact name={copy.started}>
        <Moment at={call.startedAt} />
      </Fact>
      {call.answeredAt !== null && (
        <Fact name={copy.answered}>
          <Moment at={call.answeredAt} /> {call.answeredApproximate && copy.approximate}
        </Fact>
      )}
      {call.endedAt !== null && (
        <Fact name={copy.ended}>
          <Moment at={call.endedAt} />
        </Fact>
      )}
      <Fact name={call.answeredAt === null ? copy.duration : copy.talk}>
        {duration === null ? callsCopy.unknown : elapsedText(duration)}
      </Fact>
      {verifiedAt !== null && (
        <Fact name={copy.verified}>
          <Moment at={verifiedAt} as="ago" />
        </Fact>
      )}
      <Fact name={copy.key}>
        <code className={styles.code}>{call.call}</code>
      </Fact>
    </dl>
  );
}

/** The mark of a call that the PBX did not end; to the run that did, where that is known and one may see it. */
export function ClosedByUs({ cause, run }: { readonly cause: string | null; readonly run: string | null }) {
  const maySeeRuns = useMay('ops:read');
  if (!isClosedByUs(cause)) return null;
  return (
    <span className={styles.mark} title={callsCopy.closedByUsMore}>
      {run !== null && maySeeRuns ? (
        <Link href={`/ops/cleanup/${run}`}>{callsCopy.closedByUs}</Link>
      ) : (
        callsCopy.closedByUs
      )}
    </span>
  );
}

/** A number that is masked is of no use elsewhere. */
const Party = ({ number, name }: { readonly number: string | null; readonly name: string | null }) => (
  <span className={styles.party}>
    {[number, name].filter((part) => part !== null).join(' · ') || callsCopy.unknown}
    {number !== null && !number.includes('*') && <CopyButton text={number} />}
  </span>
);

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
