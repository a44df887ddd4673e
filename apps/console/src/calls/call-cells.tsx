import type { CallRow } from '@trunkline/realtime-client';
import type { ReactNode } from 'react';
import { Moment } from '../ui/moment.tsx';
import grid from './calls-grid.module.css';
import { calleeText, callerText, directionWord } from './call-words.ts';
import { callsCopy } from './copy.ts';

interface CallCellsProps {
  readonly call: CallRow;
  readonly pbxName: string;
  /** Badge and word. */
  readonly state: ReactNode;
  /** What opens the row, around who speaks with whom. */
  readonly opener: (parties: ReactNode) => ReactNode;
  readonly duration: ReactNode;
  /** The last column. */
  readonly mark: ReactNode;
}

/** The cells of a row, alike wherever calls are listed. */
export const CallCells = ({ call, pbxName, state, opener, duration, mark }: CallCellsProps) => (
  <>
    <span role="cell" className={`${grid.cell} ${grid.state}`} data-column="state">
      {state}
    </span>
    <span role="cell" className={grid.cell} data-column="parties">
      {opener(<Parties call={call} />)}
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
      {duration}
    </span>
    <span role="cell" className={`${grid.cell} ${grid.muted}`} data-column="fresh">
      {mark}
    </span>
  </>
);

const Parties = ({ call }: { readonly call: CallRow }) => (
  <>
    {callerText(call)}
    <Name name={call.callerNumber === null ? null : call.callerName} /> → {calleeText(call)}
    <Name name={call.calleeNumber === null ? null : call.calleeName} />
  </>
);

const Name = ({ name }: { readonly name: string | null }) =>
  name === null ? null : <span className={grid.name}> {name}</span>;
