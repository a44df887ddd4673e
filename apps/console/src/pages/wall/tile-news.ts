import type { LiveBoard } from './live-board.ts';
import type { SpareTime } from './spare-time.ts';

type Listener = () => void;

export type TileNews = ReturnType<typeof createTileNews>;

/**
 * News for the tiles of one part of the board: at once while the part is on screen; while it is not, whatever has come is told
 * together, when there is time, and at the latest as the part comes on screen.
 */
export function createTileNews(board: Pick<LiveBoard, 'subscribeTile'>, spare: SpareTime) {
  const waiting = new Set<Listener>();
  let isVisible = true;

  function tellAll(): void {
    const listeners = [...waiting];
    waiting.clear();
    for (const listener of listeners) listener();
  }

  return {
    subscribe(key: string, listener: Listener): () => void {
      const stop = board.subscribeTile(key, () => {
        if (isVisible) return listener();
        waiting.add(listener);
        spare.ask(tellAll);
      });
      return () => {
        stop();
        waiting.delete(listener);
        if (waiting.size === 0) spare.forget(tellAll);
      };
    },
    setVisible(next: boolean): void {
      isVisible = next;
      if (!isVisible) return;
      spare.forget(tellAll);
      tellAll();
    },
  };
}
