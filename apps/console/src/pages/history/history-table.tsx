import { memo, type ReactNode, type RefObject } from 'react';
import { Link, useLocation } from 'wouter';
import { callPath } from '../../calls/call-path.ts';
import grid from '../../calls/calls-grid.module.css';
import { calleeText, callerText, causeWord, directionWord, isClosedByUs } from '../../calls/call-words.ts';
import { callsCopy } from '../../calls/copy.ts';
import type { ListedCall } from '../../calls/listed-call.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { Moment } from '../../ui/moment.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { historyCopy as copy } from './copy.ts';

interface HistoryTableProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly calls: readonly ListedCall[];
  readonly isLoading: boolean;
  /** Below the rows. */
  readonly children: ReactNode;
}

const columns = Object.entries(copy.columns) as [keyof typeof copy.columns, string][];

export function HistoryTable({ scroller, calls, isLoading, children }: HistoryTableProps) {
  return (
    <div ref={scroller} className={grid.scroller}>
      <div role="table" aria-label={copy.table} className={grid.grid} aria-busy={isLoading}>
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
        <div role="rowgroup">
          {calls.map((call) => (
            <HistoryRow key={`${call.pbx}/${call.call}`} call={call} />
          ))}
        </div>
        {isLoading && <Skeleton />}
      </div>
      {children}
    </div>
  );
}

const HistoryRow = memo(function HistoryRow({ call }: { readonly call: ListedCall }) {
  const [, navigate] = useLocation();
  const path = callPath(call);
  return (
    <div role="row" className={grid.row} data-call-row onClick={() => navigate(path)}>
      <span role="cell" className={`${grid.cell} ${grid.state}`} data-column="state">
        <StateBadge state={call.answeredAt === null ? 'ended' : 'connected'} isHollow />
        <span>{causeWord(call.cause)}</span>
      </span>
      <span role="cell" className={grid.cell} data-column="parties">
        <Link href={path} className={grid.open} data-row-open onClick={(event) => event.stopPropagation()}>
          {callerText(call)}
          <Name name={call.callerNumber === null ? null : call.callerName} /> → {calleeText(call)}
          <Name name={call.calleeNumber === null ? null : call.calleeName} />
        </Link>
      </span>
      <span role="cell" className={grid.cell} data-column="extension">
        {call.extensions.join(', ') || callsCopy.unknown}
      </span>
      <span role="cell" className={`${grid.cell} ${grid.muted}`} data-column="direction">
        {directionWord(call.direction)}
      </span>
      <span role="cell" className={`${grid.cell} ${grid.muted}`} data-column="pbx">
        {call.pbxName}
      </span>
      <span role="cell" className={grid.cell} data-column="started">
        <Moment at={call.startedAt} />
      </span>
      <span role="cell" className={grid.cell} data-column="duration" data-align="end">
        {call.answeredAt === null || call.talkSeconds === null
          ? callsCopy.unknown
          : elapsedText(call.talkSeconds * 1_000)}
      </span>
      <span role="cell" className={grid.cell} data-column="fresh">
        {isClosedByUs(call.cause) && (
          <span className={grid.mark} title={callsCopy.closedByUsMore}>
            {callsCopy.closedByUs}
          </span>
        )}
      </span>
    </div>
  );
});

const Name = ({ name }: { readonly name: string | null }) =>
  name === null ? null : <span className={grid.name}> {name}</span>;

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
