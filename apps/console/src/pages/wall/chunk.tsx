import { useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import styles from './section-view.module.css';
import { createSpareTime } from './spare-time.ts';
import { createTileNews } from './tile-news.ts';
import { Tile } from './tile.tsx';
import type { Stage } from './use-board.ts';

interface ChunkProps {
  readonly stage: Stage;
  readonly columns: number;
  readonly keys: readonly string[];
  /** Its tiles are there from the first moment on; those of others follow while the page has time. */
  readonly isFirst: boolean;
}

/** Tiles that nobody sees: how soon they come one chunk after the other, and how often each is brought up to date. */
const filling = createSpareTime(0);
const catchingUp = createSpareTime(100);

/** Whole rows that the browser draws together, or leaves out while they are not on screen. */
export function Chunk({ stage, columns, keys, isFirst }: ChunkProps) {
  const { board, parts, times } = stage;
  const news = useMemo(() => createTileNews(board, catchingUp), [board]);
  const [isFilled, setFilled] = useState(isFirst);
  const part = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const fill = () => setFilled(true);
    if (!isFilled) filling.ask(fill);
    return () => filling.forget(fill);
  }, [isFilled]);
  useLayoutEffect(() => {
    const { current } = part;
    if (current === null) return undefined;
    return parts.watch(current, (isVisible) => {
      news.setVisible(isVisible);
      if (!isVisible) return;
      setFilled(true);
      times.write(current);
    });
  }, [parts, news, times]);
  const style = { '--columns': columns, '--rows': Math.ceil(keys.length / columns) } as CSSProperties;
  return (
    <div ref={part} className={styles.chunk} style={style} data-empty={!isFilled || undefined}>
      {isFilled && keys.map((key) => <Tile key={key} board={board} news={news} phoneKey={key} />)}
    </div>
  );
}
