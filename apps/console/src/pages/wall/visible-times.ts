import { elapsedText } from '../../time/elapsed.ts';
import type { VisibleParts } from './visible-parts.ts';

/** What marks an element whose text is a time that passes; `data-since` says since when. */
export const timeAttribute = 'data-since';

export type VisibleTimes = ReturnType<typeof createVisibleTimes>;

/**
 * Writes times into what is on screen and nowhere else. React puts the first text there; from then on the text node is
 * written directly, since thousands of components that render each second are what a wall can't afford.
 */
export function createVisibleTimes(parts: Pick<VisibleParts, 'all'>) {
  let readNow: () => number = () => 0;
  let suffix = '';

  function write(part: Element): void {
    const now = readNow();
    for (const time of part.querySelectorAll(`[${timeAttribute}]`)) {
      const text = elapsedText(now - Number(time.getAttribute(timeAttribute))) + suffix;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function tick(): void {
    for (const part of parts.all()) write(part);
  }

  return {
    tick,
    write,
    /** Which clock counts, and what stands behind each time: a clock that stands still has a plus. */
    use(clock: () => number, behind: string): void {
      readNow = clock;
      suffix = behind;
      tick();
    },
  };
}
