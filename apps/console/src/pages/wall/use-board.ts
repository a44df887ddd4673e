import { useRealtime, useRows, useTopic } from '@trunkline/realtime-react';
import type { TopicStatus } from '@trunkline/realtime-client';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useCallerNames } from '../../calls/use-named-calls.ts';
import { worstOf } from '../../live/describe-topic.ts';
import { serverClock } from '../../time/server-clock.ts';
import { everySecond } from '../../time/ticker.ts';
import type { BoardView, Section } from './board.ts';
import { inNameOrder } from './in-name-order.ts';
import { createLiveBoard, type LiveBoard } from './live-board.ts';
import { useBeat } from './use-beat.ts';
import { createVisibleParts, type VisibleParts } from './visible-parts.ts';
import { createVisibleTimes, type VisibleTimes } from './visible-times.ts';

/** What tiles stand on: the same while the page is shown. */
export interface Stage {
  readonly board: LiveBoard;
  readonly parts: VisibleParts;
  readonly times: VisibleTimes;
}

export interface UsedBoard {
  readonly stage: Stage;
  readonly board: LiveBoard;
  readonly sections: readonly Section[];
  readonly topic: TopicStatus;
}

/** The board of this page, which looks as the view says and follows the store while it is shown. */
export function useBoard(view: BoardView): UsedBoard {
  const { store } = useRealtime();
  const topic = worstOf([useTopic('extensions'), useTopic('calls')]);
  useTopic('pbx');
  const names = useCallerNames();
  const stage = useMemo(() => stageOf(createLiveBoard(store, names)), [store, names]);
  const { board, parts, times } = stage;
  const { text, group, groupBy, order } = view;
  const states = view.states.join(',');
  useEffect(() => board.follow(), [board]);
  useEffect(
    () => board.look({ text, group, groupBy, order, states: view.states }),
    // The states are a new array each time, and the same when they read the same.
    [board, text, group, groupBy, order, states],
  );
  const arranged = useSyncExternalStore(board.subscribe, board.sections);
  const links = useRows('link');
  const sections = useMemo(() => inNameOrder(arranged, links), [arranged, links]);
  useTimes(times, topic);
  useBeat(parts);
  return { stage, board, sections, topic };
}

function stageOf(board: LiveBoard): Stage {
  const parts = createVisibleParts();
  return { board, parts, times: createVisibleTimes(parts) };
}

/** Times pass once a second; those of a stale board stand still, and have a plus. */
function useTimes(times: VisibleTimes, { state, asOf }: TopicStatus): void {
  useEffect(() => {
    if (state === 'stale' && asOf !== null) {
      const stopped = serverClock.now() - Math.max(0, Date.now() - asOf);
      times.use(() => stopped, '+');
    } else times.use(serverClock.now, '');
    return everySecond(times.tick);
  }, [times, state, asOf]);
}
