import { memo, type ReactNode, type RefObject } from 'react';
import { Link, useLocation } from 'wouter';
import { CallCells } from '../../calls/call-cells.tsx';
import { callPath } from '../../calls/call-path.ts';
import { CallsGrid } from '../../calls/calls-grid.tsx';
import grid from '../../calls/calls-grid.module.css';
import { causeWord, isClosedByUs } from '../../calls/call-words.ts';
import { callsCopy } from '../../calls/copy.ts';
import { named } from '../../calls/known-parties.ts';
import type { ListedCall } from '../../calls/listed-call.ts';
import { elapsedText } from '../../time/elapsed.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { historyCopy as copy } from './copy.ts';

interface HistoryTableProps {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly calls: readonly ListedCall[];
  readonly isLoading: boolean;
  /** Below the rows. */
  readonly children: ReactNode;
}

const keyOf = ({ pbx, call }: ListedCall): string => `${pbx}/${call}`;
const row = (call: ListedCall) => <HistoryRow call={call} />;

export const HistoryTable = ({ scroller, calls, isLoading, children }: HistoryTableProps) => (
  <CallsGrid
    scroller={scroller}
    label={copy.table}
    columns={copy.columns}
    items={calls}
    keyOf={keyOf}
    render={row}
    isLoading={isLoading}
  >
    {children}
  </CallsGrid>
);

const HistoryRow = memo(function HistoryRow({ call }: { readonly call: ListedCall }) {
  const [, navigate] = useLocation();
  const path = callPath(call);
  const { answeredAt, talkSeconds, cause, pbxName } = call;
  return (
    <div role="row" className={grid.row} data-call-row={keyOf(call)} onClick={() => navigate(path)}>
      <CallCells
        call={named(call, call)}
        pbxName={pbxName}
        state={
          <>
            <StateBadge state={answeredAt === null ? 'ended' : 'connected'} isHollow />
            <span>{causeWord(cause)}</span>
          </>
        }
        opener={(parties) => (
          <Link href={path} className={grid.open} data-open onClick={(event) => event.stopPropagation()}>
            {parties}
          </Link>
        )}
        duration={
          answeredAt === null || talkSeconds === null ? callsCopy.unknown : elapsedText(talkSeconds * 1_000)
        }
        mark={
          isClosedByUs(cause) && (
            <span className={grid.mark} title={callsCopy.closedByUsMore}>
              {callsCopy.closedByUs}
            </span>
          )
        }
      />
    </div>
  );
});
