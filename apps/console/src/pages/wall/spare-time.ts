/** Also a page that is never idle gets on with what waits. */
const patienceMs = 500;
/** Where a browser can't tell when it is idle. */
const guessMs = 50;

export interface SpareTime {
  /** Once, when there is time. Asked twice it is done once. */
  ask(job: () => void): void;
  forget(job: () => void): void;
}

/**
 * What can wait, one piece each time the page has nothing better to do, and so long after the piece before. A page that is
 * busy with what people look at gets to it all the same, and no piece makes anybody wait.
 */
export function createSpareTime(everyMs: number, whenIdle = idle): SpareTime {
  const jobs = new Set<() => void>();
  let isAsked = false;

  function goOn(): void {
    if (isAsked || jobs.size === 0) return;
    isAsked = true;
    whenIdle(() => {
      const [job] = jobs;
      const next = () => {
        isAsked = false;
        goOn();
      };
      if (job === undefined) return next();
      jobs.delete(job);
      setTimeout(next, everyMs);
      job();
    });
  }

  return {
    ask(job) {
      jobs.add(job);
      goOn();
    },
    forget: (job) => void jobs.delete(job),
  };
}

function idle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: patienceMs });
  else setTimeout(run, guessMs);
}
