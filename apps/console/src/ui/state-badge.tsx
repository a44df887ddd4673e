import styles from './state-badge.module.css';

/** Every state of a phone or a call that has a badge. */
export type BadgeState =
  | 'online'
  | 'ringing'
  | 'incall'
  | 'busy'
  | 'offline'
  | 'unknown'
  | 'calling'
  | 'connected'
  | 'held'
  | 'ended';

/** A shape and an icon for a state. The word stands beside it: a badge alone is for those who know it already. */
export const StateBadge = ({
  state,
  isHollow,
}: {
  readonly state: BadgeState;
  readonly isHollow?: boolean;
}) => <i className={styles.badge} data-state={state} data-hollow={isHollow || undefined} aria-hidden />;

/** For boards that set `data-state` on an element around it. */
export const badgeClass = styles.badge ?? '';
