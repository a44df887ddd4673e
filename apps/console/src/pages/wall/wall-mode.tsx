import { Minimize } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useShortcut } from '../../keyboard/use-shortcut.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { ConnectionIndicator } from '../../shell/connection-indicator.tsx';
import { momentText } from '../../time/moment.ts';
import { serverClock } from '../../time/server-clock.ts';
import { useTick } from '../../time/use-tick.ts';
import { IconButton } from '../../ui/button.tsx';
import { wallCopy } from './copy.ts';
import { Counters } from './counters.tsx';
import type { ViewProps } from './desk.tsx';
import { fitWall } from './fit.ts';
import { SectionView } from './section-view.tsx';
import { useSize } from './use-size.ts';
import { toggled } from './wall-address.ts';
import { useWakeLock } from './use-wake-lock.ts';
import styles from './wall-mode.module.css';

/** Where not everything fits at once each page is shown for so long. */
const pageMs = 20_000;
/** The pointer hides when nobody has moved it for so long. */
const pointerMs = 3_000;

/** The wallboard on a wall: no rail, large counters, a clock, and as much of each phone as fits without scrolling. */
export function WallMode({ used, address, onChange }: ViewProps) {
  const { stage, board, sections, topic } = used;
  const [measure, size] = useSize();
  const fit = useMemo(() => fitWall(sections, size ?? { width: 100, height: 50 }), [sections, size]);
  const page = usePage(fit.pages.length);
  const isIdle = useIdlePointer();
  useWakeLock();
  const leave = () => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    onChange({ isWall: false });
  };
  useShortcut('f', wallCopy.leaveWall, wallCopy.section, leave);
  useShortcut('Escape', wallCopy.leaveWall, wallCopy.section, leave);
  const isKnown = topic.state !== 'waiting' || board.size() > 0;
  return (
    <div className={styles.wall} data-wall={fit.density} data-idle={isIdle || undefined}>
      <header className={styles.header}>
        <h1 className="visually-hidden">{wallCopy.wallMode}</h1>
        <Counters
          board={board}
          isKnown={isKnown}
          states={address.states}
          onToggle={(state) => onChange({ states: toggled(address.states, state) })}
        />
        <div className={styles.right}>
          {fit.pages.length > 1 && <span>{wallCopy.page(page + 1, fit.pages.length)}</span>}
          <ConnectionIndicator />
          <WallClock />
          <IconButton label={wallCopy.leaveWall} onClick={leave}>
            <Minimize size={18} aria-hidden />
          </IconButton>
        </div>
      </header>
      <div ref={measure} className={styles.board}>
        <div style={{ zoom: fit.scale }}>
          {size !== null &&
            fit.pages[page]?.map((section) => (
              <SectionView
                key={`${section.id} ${section.keys[0]}`}
                {...{ stage, section, topic }}
                columns={fit.columns}
                before={0}
                isFixed
              />
            ))}
        </div>
      </div>
    </div>
  );
}

function WallClock() {
  useTick();
  const { zone } = useSettings();
  const now = serverClock.now();
  return <time className={styles.clock}>{momentText(now, now, zone)}</time>;
}

function usePage(count: number): number {
  const [page, setPage] = useState(0);
  useEffect(() => {
    if (count < 2) return undefined;
    const timer = setInterval(() => setPage((now) => now + 1), pageMs);
    return () => clearInterval(timer);
  }, [count]);
  return page % count;
}

function useIdlePointer(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    let timer = setTimeout(() => setIdle(true), pointerMs);
    const moved = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), pointerMs);
    };
    addEventListener('pointermove', moved);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointermove', moved);
    };
  }, []);
  return isIdle;
}
