import type { CallRow, TopicStatus } from '@trunkline/realtime-client';
import { useRealtime, useRows } from '@trunkline/realtime-react';
import { memo, type RefObject } from 'react';
import grid from '../../calls/calls-grid.module.css';
import {
  calleeText,
  callerText,
  causeWord,
  directionWord,
  durationMs,
  statusWord,
} from '../../calls/call-words.ts';
import { callsCopy } from '../../calls/copy.ts';
import { nameOfLink } from '../../links/link-words.ts';
import { lostSince } from '../../links/troubles.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { momentText, type Zone } from '../../time/moment.ts';
import { serverClock } from '../../time/server-clock.ts';
import { useTick } from '../../time/use-tick.ts';
import { Moment } from '../../ui/moment.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { liveCopy as copy } from './copy.ts';
import { freshnessOf, type CallFreshness } from './freshness.ts';
import { groups, rowKey, type Group } from './live-rows.ts';
import styles from './live-table.module.css';

interface LiveTableProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly rows: Readonly<Record<Group, readonly CallRow[]>>;
  readonly topic: TopicStatus;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

const columns = Object.entries(copy.columns) as [keyof typeof copy.columns, string][];

export function LiveTable({ scroller, rows, topic, selected, onSelect }: LiveTableProps) {
  const { store } = useRealtime();
  const links = new Map(useRows('link').map((link) => [link.pbx, link]));
  const { zone } = useSettings();
  return (
    <div ref={scroller} className={grid.scroller}>
      <div role="table" aria-label={copy.table} className={grid.grid} aria-busy={topic.state === 'waiting'}>
        <div role="rowgroup">
          <div role="row" className={grid.head}>
            {columns.map(([name, label]) => (
              <span
                key={name}
                role="columnheader"
                data-column={name}
                data-align={name === 'duration' ? 'end' : undefined}
              >
                {label}
              </span>
            ))}
          </div>
        </div>
        {topic.state === 'waiting' && <Skeleton />}
        {groups.map((group) =>
          rows[group].length === 0 ? null : (
            <div key={group} role="rowgroup" className={styles.group}>
              <div role="row" className={styles.heading}>
                <div role="cell">
                  <h2>
                    {copy.groups[group]} <span>{rows[group].length}</span>
                  </h2>
                </div>
              </div>
              {rows[group].map((call) => {
                const link = links.get(call.pbx);
                const fresh = freshnessOf(call, topic, link, (of) =>
                  lostSince(of, store.get('connection', of.pbx)),
                );
                return (
                  <LiveRow
                    key={rowKey(call)}
                    call={call}
                    pbxName={nameOfLink(link ?? { pbx: call.pbx })}
                    freshState={fresh.state}
                    freshText={freshText(fresh, zone)}
                    isSelected={rowKey(call) === selected}
                    onSelect={onSelect}
                  />
                );
              })}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

interface LiveRowProps {
  readonly call: CallRow;
  readonly pbxName: string;
  readonly freshState: CallFreshness['state'];
  readonly freshText: string;
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

/** Only a row whose call has changed is drawn anew. */
const LiveRow = memo(
  function LiveRow({ call, pbxName, freshState, freshText: fresh, isSelected, onSelect }: LiveRowProps) {
    const isEnded = call.status === 'ended';
    const isOld = freshState === 'stale' || freshState === 'unverified';
    return (
      <div
        role="row"
        className={grid.row}
        data-call-row={rowKey(call)}
        data-ended={isEnded || undefined}
        data-fresh={freshState}
        data-selected={isSelected || undefined}
        onClick={() => onSelect(rowKey(call))}
      >
        <span role="cell" className={`${grid.cell} ${grid.state}`} data-column="state">
          <StateBadge state={call.status} isHollow={isOld} />
          <span className={styles.word}>{isEnded ? causeWord(call.cause) : statusWord(call.status)}</span>
        </span>
        <span role="cell" className={grid.cell} data-column="parties">
          <button type="button" className={grid.open} data-row-open aria-expanded={isSelected}>
            {callerText(call)}
            <Name name={call.callerNumber === null ? null : call.callerName} /> → {calleeText(call)}
            <Name name={call.calleeNumber === null ? null : call.calleeName} />
          </button>
        </span>
        <span role="cell" className={grid.cell} data-column="extension">
          {call.extensions.join(', ') || callsCopy.unknown}
        </span>
        <span role="cell" className={`${grid.cell} ${grid.muted}`} data-column="direction">
          {directionWord(call.direction)}
        </span>
        <span role="cell" className={`${grid.cell} ${grid.muted}`} data-column="pbx">
          {pbxName}
        </span>
        <span role="cell" className={grid.cell} data-column="started">
          <Moment at={call.startedAt} />
        </span>
        <span role="cell" className={grid.cell} data-column="duration" data-align="end">
          <Duration call={call} isFrozen={freshState === 'stale'} />
        </span>
        <span role="cell" className={`${grid.cell} ${grid.muted}`} data-column="fresh" title={fresh}>
          {isEnded ? '' : fresh}
        </span>
      </div>
    );
  },
  (one, other) =>
    one.call === other.call &&
    one.pbxName === other.pbxName &&
    one.freshState === other.freshState &&
    one.freshText === other.freshText &&
    one.isSelected === other.isSelected,
);

const Name = ({ name }: { readonly name: string | null }) =>
  name === null ? null : <span className={grid.name}> {name}</span>;

function Duration({ call, isFrozen }: { readonly call: CallRow; readonly isFrozen: boolean }) {
  useTick(call.status !== 'ended' && !isFrozen);
  const ms = durationMs(call, serverClock.now());
  if (ms === null) return callsCopy.unknown;
  return isFrozen ? `${elapsedText(ms)}+` : elapsedText(ms);
}

function freshText(fresh: CallFreshness, zone: Zone): string {
  const now = serverClock.now();
  if (fresh.state === 'stale')
    return copy.fresh.stale(fresh.since === null ? callsCopy.unknown : momentText(fresh.since, now, zone));
  if (fresh.state === 'unverified')
    return copy.fresh.unverified(momentText(Date.parse(fresh.since), now, zone));
  return copy.fresh[fresh.state];
}

/** Rows that are on their way, so that the layout stands already. */
const Skeleton = () => (
  <div role="rowgroup" aria-hidden>
    {Array.from({ length: 8 }, (_, index) => (
      <div key={index} className={grid.row}>
        {columns.map(([name]) => (
          <span key={name} className={grid.skeleton} data-column={name} />
        ))}
      </div>
    ))}
  </div>
);
