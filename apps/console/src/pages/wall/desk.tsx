import { useEffect, useRef } from 'react';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { BarTools } from '../../shell/bar.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { Section } from './board.ts';
import { wallCopy } from './copy.ts';
import { Counters } from './counters.tsx';
import styles from './desk.module.css';
import { columnsOf } from './fit.ts';
import { NeedsYouLane } from './needs-you-lane.tsx';
import type { ChangeAddress } from './page.tsx';
import { PauseBand, usePause } from './pause.tsx';
import { PhonePanel } from './phone-panel.tsx';
import { phoneStates, type PhoneState } from './phone.ts';
import { SectionView } from './section-view.tsx';
import { Toolbar } from './toolbar.tsx';
import type { UsedBoard } from './use-board.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { useSize } from './use-size.ts';
import { toggled, type WallAddress } from './wall-address.ts';

export interface ViewProps {
  readonly used: UsedBoard;
  readonly address: WallAddress;
  readonly onChange: ChangeAddress;
}

/** Narrower than this, in rem, tiles become rows. */
const rowsBelowRem = 28;
const compactRem = { tile: 9, gap: 0.375 };
const skeletons = 24;

/** The wallboard on a desk. */
export function Desk({ used, address, onChange }: ViewProps) {
  const { stage, board, sections, topic } = used;
  const { density } = useSettings();
  const [measure, size] = useSize();
  const grid = useRef<HTMLDivElement>(null);
  const columns = columnsFor(size?.width ?? 60, density);
  const keys = useGridKeys(columns, grid, sections);
  const pause = usePause(board);
  useDeskKeys(address, onChange);
  useCurrentTile(grid, address.phone, sections);
  const isKnown = topic.state !== 'waiting' || board.size() > 0;
  const open = (key: string) => onChange({ phone: key });
  const close = () => {
    const { phone } = address;
    onChange({ phone: null });
    if (phone !== null)
      grid.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(phone)}"]`)?.focus();
  };

  return (
    <div className={styles.page}>
      <BarTools>
        <Toolbar address={address} onChange={onChange} pause={pause} />
      </BarTools>
      <div className={styles.board}>
        <div className={styles.head}>
          <Counters
            board={board}
            isKnown={isKnown}
            states={address.states}
            onToggle={(state) => onChange({ states: toggled(address.states, state) })}
          />
          <NeedsYouLane board={board} onOpen={open} />
          <PauseBand board={board} />
        </div>
        <p className="visually-hidden" id="wall-arrows">
          {wallCopy.arrows}
        </p>
        <div ref={measure} className={styles.measure}>
          <div
            ref={grid}
            aria-describedby="wall-arrows"
            {...keys}
            onClick={({ target }) => {
              const key = (target as Element).closest('[data-key]')?.getAttribute('data-key');
              if (key !== null && key !== undefined) open(key);
            }}
          >
            {size !== null &&
              sections.map((section, index) => (
                <SectionView
                  key={section.id}
                  {...{ stage, section, columns, topic }}
                  before={tilesIn(sections.slice(0, index))}
                />
              ))}
          </div>
          {sections.length === 0 && (
            <InsteadOfTiles used={used} address={address} onChange={onChange} columns={columns} />
          )}
        </div>
      </div>
      {address.phone !== null && <PhonePanel board={board} phoneKey={address.phone} onClose={close} />}
    </div>
  );
}

const tilesIn = (sections: readonly Section[]): number =>
  sections.reduce((sum, { keys }) => sum + keys.length, 0);

function columnsFor(width: number, density: 'comfortable' | 'compact'): number {
  if (width < rowsBelowRem) return 1;
  if (density === 'comfortable') return columnsOf('desk', width);
  return Math.max(1, Math.floor((width + compactRem.gap) / (compactRem.tile + compactRem.gap)));
}

/** Marks the tile whose panel is open, without rendering any. */
function useCurrentTile(
  grid: React.RefObject<HTMLElement | null>,
  phone: string | null,
  sections: readonly Section[],
): void {
  useEffect(() => {
    if (phone === null) return undefined;
    const tile = grid.current?.querySelector(`[data-key="${CSS.escape(phone)}"]`);
    tile?.setAttribute('aria-current', 'true');
    return () => tile?.removeAttribute('aria-current');
  }, [grid, phone, sections]);
}

function useDeskKeys(address: WallAddress, onChange: ChangeAddress): void {
  const copy = wallCopy.keys;
  const only = (state: PhoneState) => () => onChange({ states: toggled(address.states, state) });
  const [online, ringing, incall, busy, offline] = phoneStates;
  const label = (state: PhoneState | undefined) =>
    state === undefined ? '' : copy.only(wallCopy.words[state]);
  useShortcut('1', label(online), wallCopy.section, only('online'));
  useShortcut('2', label(ringing), wallCopy.section, only('ringing'));
  useShortcut('3', label(incall), wallCopy.section, only('incall'));
  useShortcut('4', label(busy), wallCopy.section, only('busy'));
  useShortcut('5', label(offline), wallCopy.section, only('offline'));
  useShortcut('0', copy.all, wallCopy.section, () => onChange({ states: [] }));
  useShortcut('f', wallCopy.wallMode, wallCopy.section, () => onChange({ isWall: true, phone: null }));
  const isFiltered = address.text !== '' || address.states.length > 0 || address.group !== null;
  const clear = () => onChange({ text: '', states: [], group: null });
  useShortcut('Escape', copy.close, wallCopy.section, isFiltered && address.phone === null ? clear : null);
}

/** Nothing is known yet, there is nothing, or the filter leaves nothing. */
function InsteadOfTiles({ used, address, onChange, columns }: ViewProps & { readonly columns: number }) {
  const { board, topic } = used;
  if (topic.state === 'refused') return <Notice title={wallCopy.refused}>{wallCopy.refusedLead}</Notice>;
  if (board.size() > 0) {
    return (
      <Notice
        title={wallCopy.noneOf(address.states, address.text)}
        action={
          <Button onClick={() => onChange({ text: '', states: [], group: null })}>{wallCopy.clear}</Button>
        }
      />
    );
  }
  if (topic.state === 'waiting') {
    const style = { '--columns': columns } as React.CSSProperties;
    return (
      <div className={styles.skeletons} style={style} role="status" aria-label={wallCopy.loading}>
        {Array.from({ length: skeletons }, (_, index) => (
          <span key={index} />
        ))}
      </div>
    );
  }
  return <Notice title={wallCopy.empty}>{wallCopy.emptyLead}</Notice>;
}
