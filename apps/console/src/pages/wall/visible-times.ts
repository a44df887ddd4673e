import { elapsedText } from '../../time/elapsed.ts';

/** What marks an element whose text is a time that passes; `data-since` says since when. */
export const timeAttribute = 'data-since';

/**
 * Writes times into what is on screen and nowhere else. React puts the first text there; from then on the text node is
 * written directly, since thousands of components that render each second are what a wall can't afford.
 */
export function createVisibleTimes() {
  const visible = new Set<Element>();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(target);
      else visible.delete(target);
    }
    tick();
  });
  let readNow: () => number = () => 0;
  let suffix = '';

  function tick(): void {
    const now = readNow();
    for (const part of visible) {
      for (const time of part.querySelectorAll(`[${timeAttribute}]`)) {
        const text = elapsedText(now - Number(time.getAttribute(timeAttribute))) + suffix;
        if (time.textContent !== text) time.textContent = text;
      }
    }
  }

  return {
    tick,
    /** Which clock counts, and what stands behind each time: a clock that stands still has a plus. */
    use(clock: () => number, behind: string): void {
      readNow = clock;
      suffix = behind;
      tick();
    },
    watch(part: Element): () => void {
      observer.observe(part);
      return () => {
        observer.unobserve(part);
        visible.delete(part);
      };
    },
  };
}

export type VisibleTimes = ReturnType<typeof createVisibleTimes>;
