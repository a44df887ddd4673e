import type { LinkRow } from '@trunkline/realtime-client';
import { useRows } from '@trunkline/realtime-react';
import { useSyncExternalStore } from 'react';
import { StateBadge } from '../../ui/state-badge.tsx';
import { isVerified } from '../../links/link-words.ts';
import { wallCopy } from './copy.ts';
import styles from './counters.module.css';
import { totalOf } from './counts.ts';
import type { LiveBoard } from './live-board.ts';
import { phoneStates, type PhoneState } from './phone.ts';

interface CountersProps {
  readonly board: LiveBoard;
  /** Nothing is known yet: a dash, never 0. */
  readonly isKnown: boolean;
  readonly states: readonly PhoneState[];
  readonly onToggle: (state: PhoneState) => void;
}

const numbers = new Intl.NumberFormat('en');

/** How many of what is filtered are in each state; each is a filter too. */
export function Counters({ board, isKnown, states, onToggle }: CountersProps) {
  const counts = useSyncExternalStore(board.subscribe, board.counts);
  const links = useRows('link');
  const unverified = unverifiedOf(board, links);
  const text = (count: number) => (isKnown ? numbers.format(count) : '—');
  return (
    <div className={styles.counters} role="group" aria-label={wallCopy.counters}>
      {phoneStates.map((state) => (
        <button
          key={state}
          type="button"
          className={styles.counter}
          aria-pressed={states.includes(state)}
          data-any={counts[state] > 0 || undefined}
          data-tone={state}
          onClick={() => onToggle(state)}
        >
          <StateBadge state={state} />
          <span className={styles.word}>{wallCopy.words[state]}</span>
          <b>{text(counts[state])}</b>
        </button>
      ))}
      <p className={styles.counter} data-any={unverified > 0 || undefined}>
        <StateBadge state="unknown" />
        <span className={styles.word}>{wallCopy.unverified}</span>
        <b>{text(unverified)}</b>
      </p>
    </div>
  );
}

/** Of PBXs whose link is not live nobody can say that what is shown is so. */
const unverifiedOf = (board: LiveBoard, links: readonly LinkRow[]): number =>
  links.reduce((sum, link) => (isVerified(link) ? sum : sum + totalOf(board.countsOf(link.pbx))), 0);
