import type { LinkRow } from '@trunkline/realtime-client';
import {
  Check,
  Circle,
  Clock,
  Ellipsis,
  Hand,
  Pause,
  ShieldAlert,
  Unplug,
  type LucideIcon,
} from 'lucide-react';
import { shownState, wordsOfLink } from './link-words.ts';
import styles from './link-badge.module.css';

const icons: Readonly<Record<string, LucideIcon>> = {
  live: Check,
  waiting: Clock,
  lost: Clock,
  blocked: ShieldAlert,
  refused: Hand,
  unheld: Unplug,
  paused: Pause,
  idle: Circle,
};

/** How a link stands: by shape and icon, word, and colour. */
export function LinkBadge({ link }: { readonly link: Pick<LinkRow, 'state' | 'held' | 'enabled'> }) {
  const { word, tone } = wordsOfLink(link);
  const state = shownState(link);
  const Icon = icons[state] ?? Ellipsis;
  return (
    <span className={styles.badge} data-tone={tone} data-state={state}>
      <span className={styles.shape}>
        <Icon size={13} strokeWidth={2.5} aria-hidden />
      </span>
      <span className={styles.word}>{word}</span>
    </span>
  );
}
