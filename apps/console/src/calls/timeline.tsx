import { CircleDot, Mic } from 'lucide-react';
import { Link } from 'wouter';
import { useMay } from '../session/session-provider.tsx';
import { Moment } from '../ui/moment.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { callsCopy } from './copy.ts';
import type { CallDetail } from './listed-call.ts';
import { timelineCopy as copy } from './timeline-copy.ts';
import styles from './timeline.module.css';
import { timelineOf, type Step } from './timeline.ts';

/** How a call went: what the PBX said of it, and what we did with it. */
export function Timeline({ call }: { readonly call: CallDetail }) {
  const steps = timelineOf(call);
  if (steps.length === 0) return <p className={styles.none}>{copy.empty}</p>;
  return (
    <>
      <ol className={styles.timeline}>
        {steps.map((step) => (
          <StepRow key={step.key} step={step} />
        ))}
      </ol>
      {call.moreTrail && <p className={styles.none}>{copy.more}</p>}
    </>
  );
}

function StepRow({ step }: { readonly step: Step }) {
  const { at, by, title, detail, run, isReopening, hadGoneOn, version } = step;
  const maySeeRuns = useMay('ops:read');
  return (
    <li className={styles.step} data-by={by}>
      <span className={styles.badge}>
        <Sign state={step.state} />
      </span>
      <div>
        <p className={styles.title}>
          {title}
          {isReopening && <span className={styles.mark}>{copy.reopened}</span>}
          {hadGoneOn && <span className={styles.mark}>{copy.hadGoneOn}</span>}
        </p>
        {detail !== null && <p className={styles.detail}>{detail}</p>}
        <p className={styles.detail}>
          {copy.by[by]}
          {version !== null && ` · ${copy.version(version)}`}
          {run !== null && maySeeRuns && (
            <>
              {' · '}
              <Link href={`/ops/cleanup/${run}`}>{copy.toRun}</Link>
            </>
          )}
        </p>
      </div>
      <span className={styles.time}>{at === null ? callsCopy.unknown : <Moment at={at} />}</span>
    </li>
  );
}

function Sign({ state }: { readonly state: Step['state'] }) {
  if (state === 'recording') return <Mic size={18} aria-hidden />;
  if (state === 'unknown') return <CircleDot size={18} aria-hidden />;
  return <StateBadge state={state} />;
}
