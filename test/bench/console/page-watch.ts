import type { CDPSession, Page } from 'playwright-core';

export interface Watched {
  /** Tasks over 50 ms, as the browser counts them. */
  readonly tasks: readonly number[];
  /** From a key or click to the next picture, of interactions that took 16 ms or longer. */
  readonly interactions: readonly number[];
  readonly frames: readonly number[];
  /** From the moment a change is told to the frame that shows it, of one phone. */
  readonly delays: readonly number[];
  /** How much of the time the page's main thread was at work. */
  readonly mainThread: number;
}

/** Plain JavaScript for the page. The time that a tile shows is that of its last change, by the clock of this machine. */
const watch = `(() => {
  const seen = globalThis.benchSeen = { tasks: [], interactions: [], frames: [], delays: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration);
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries()) if (interactionId > 0) seen.interactions.push(duration);
  }).observe({ type: 'event', durationThreshold: 16 });
  // A filter takes the tile away and brings another one.
  const sinceOf = () => document.querySelector('[data-key$="/1001"] [data-since]')?.getAttribute('data-since');
  let shown = sinceOf();
  let before = performance.now();
  requestAnimationFrame(function frame(now) {
    seen.frames.push(now - before);
    before = now;
    const since = sinceOf();
    if (since !== undefined && shown !== undefined && since !== shown) seen.delays.push(performance.timeOrigin + performance.now() - Number(since));
    shown = since;
    requestAnimationFrame(frame);
  });
})()`;

/** Watches a page from now on; what it gives ends the watching. */
export async function watchPage(page: Page): Promise<() => Promise<Watched>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'timeTicks' });
  await page.evaluate(watch);
  const [busyBefore, at] = [await busySeconds(session), performance.now()];
  return async () => {
    const busy = (await busySeconds(session)) - busyBefore;
    const mainThread = busy / ((performance.now() - at) / 1_000);
    const seen = await page.evaluate<Omit<Watched, 'mainThread'>>('globalThis.benchSeen');
    await session.detach();
    return { ...seen, mainThread };
  };
}

async function busySeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}
