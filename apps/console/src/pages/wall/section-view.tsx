import { useRealtime, useRow } from '@trunkline/realtime-react';
import { ChevronDown, ChevronRight, Clock } from 'lucide-react';
import { memo, useId } from 'react';
import type { TopicStatus } from '@trunkline/realtime-client';
import { isVerified, nameOfLink } from '../../links/link-words.ts';
import { lostSince } from '../../links/troubles.ts';
import { settingsStore, useSettings } from '../../settings/use-settings.ts';
import { agoText } from '../../time/elapsed.ts';
import { momentText } from '../../time/moment.ts';
import { useTick } from '../../time/use-tick.ts';
import type { Section } from './board.ts';
import { Chunk } from './chunk.tsx';
import { wallCopy } from './copy.ts';
import { chunksOf } from './fit.ts';
import styles from './section-view.module.css';
import type { Stage } from './use-board.ts';

/** About as many as a large screen shows. */
const firstTiles = 240;

interface SectionProps {
  readonly stage: Stage;
  readonly section: Section;
  /** How many tiles stand before it. */
  readonly before: number;
  readonly columns: number;
  readonly topic: TopicStatus;
  /** Groups can be closed, but not on a wall, where nobody could open them. */
  readonly isFixed?: boolean;
}

/** A group: its name, how fresh it is, and its phones. */
export const SectionView = memo(function SectionView(props: SectionProps) {
  const { stage, section, before, columns, topic, isFixed = false } = props;
  const { id, pbx, keys } = section;
  const { closedGroups } = useSettings();
  const headingId = useId();
  const isOpen = isFixed || !closedGroups.includes(id);
  const fresh = useFreshness(pbx, topic);
  const toggle = () =>
    settingsStore.set({
      closedGroups: isOpen ? [...closedGroups, id] : closedGroups.filter((one) => one !== id),
    });
  const title = useSectionTitle(section);
  return (
    <section className={styles.section} aria-labelledby={headingId} data-fresh={fresh.name}>
      <header className={styles.header}>
        <h2 id={headingId}>
          {isFixed ? (
            title
          ) : (
            <button type="button" className={styles.toggle} aria-expanded={isOpen} onClick={toggle}>
              {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
              {title}
            </button>
          )}
        </h2>
        <span className={styles.size} title={wallCopy.size(keys.length)}>
          {keys.length}
        </span>
        <FreshnessWords {...fresh} />
      </header>
      {isOpen &&
        chunksOf(keys, columns).map((chunk, index, all) => (
          <Chunk
            key={chunk[0]}
            {...{ stage, columns }}
            keys={chunk}
            isFirst={isFixed || before + index * (all[0]?.length ?? 0) < firstTiles}
          />
        ))}
    </section>
  );
});

export function useSectionTitle({ pbx, range }: Pick<Section, 'pbx' | 'range'>): string {
  const link = useRow('link', pbx);
  const { store } = useRealtime();
  const name = nameOfLink(link ?? { pbx });
  if (range === null) return name;
  const hundred = range === '' ? '—' : `${range}–${range.slice(0, -2)}99`;
  return store.list('link').length > 1 ? `${name} · ${hundred}` : hundred;
}

interface Fresh {
  readonly name: 'live' | 'delayed' | 'stale' | 'unverified';
  /** Since when, or as of when. */
  readonly at: number | null;
}

function useFreshness(pbx: string, topic: TopicStatus): Fresh {
  const link = useRow('link', pbx);
  const connection = useRow('connection', pbx);
  if (topic.state === 'stale') return { name: 'stale', at: topic.asOf };
  if (link !== undefined && !isVerified(link)) {
    return { name: 'unverified', at: Date.parse(lostSince(link, connection)) };
  }
  return topic.state === 'delayed' ? { name: 'delayed', at: topic.asOf } : { name: 'live', at: null };
}

function FreshnessWords({ name, at }: Fresh) {
  const { zone } = useSettings();
  useTick(name === 'stale');
  if (name === 'live') return null;
  const moment = at === null ? '—' : momentText(at, Date.now(), zone);
  const text =
    name === 'unverified'
      ? wallCopy.unverifiedSince(moment)
      : name === 'delayed'
        ? wallCopy.lateAsOf(moment)
        : wallCopy.asOf(moment, at === null ? '—' : agoText(Date.now() - at));
  return (
    <span className={styles.fresh}>
      <Clock size={14} aria-hidden />
      {text}
    </span>
  );
}
