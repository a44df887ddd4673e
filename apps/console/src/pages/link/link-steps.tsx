import { Check, ChevronsRight, Circle, TriangleAlert } from 'lucide-react';
import { Countdown } from '../../links/countdown.tsx';
import { stepsOf, type LinkStep } from '../../links/link-steps.ts';
import type { ShownLink } from '../../links/merge-link.ts';
import { Moment } from '../../ui/moment.tsx';
import { linkPageCopy as copy } from './copy.ts';
import styles from './link-steps.module.css';

/** The state machine as a strip, the current step lit, with its age and what ends it. */
export const LinkSteps = ({ link }: { readonly link: ShownLink }) => (
  <ol className={styles.steps} aria-label={copy.steps}>
    {stepsOf(link).map((step) => (
      <li
        key={step.state}
        className={styles.step}
        data-place={step.place}
        data-tone={step.tone}
        aria-current={step.place === 'current' ? 'step' : undefined}
      >
        <Sign step={step} />
        {step.word}
        {step.place === 'current' && (
          <span className={styles.age}>
            <Moment at={link.since} as="elapsed" />
            {link.nextAttemptAt !== null && (step.state === 'waiting' || step.state === 'blocked') && (
              <>
                {' · '}
                <Countdown to={link.nextAttemptAt} />
              </>
            )}
          </span>
        )}
      </li>
    ))}
  </ol>
);

function Sign({ step: { place, tone } }: { readonly step: LinkStep }) {
  if (place === 'done') return <Check size={14} aria-hidden />;
  if (place === 'ahead') return <Circle size={14} aria-hidden />;
  if (tone === 'ok') return <Check size={14} strokeWidth={3} aria-hidden />;
  return tone === 'accent' ? (
    <ChevronsRight size={14} aria-hidden />
  ) : (
    <TriangleAlert size={14} aria-hidden />
  );
}
