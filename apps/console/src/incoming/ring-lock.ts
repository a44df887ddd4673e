/* oxlint-disable unicorn/require-post-message-target-origin -- a channel has no other origin */
/** Which tab of this person rings. */
export interface RingLock {
  /** Wants the ring, or not any more. */
  want(isWanted: boolean): void;
  readonly isHeld: () => boolean;
  /** Takes it from whatever tab has it: somebody looks at this one. */
  steal(): void;
}

/** A tab that has not said for so long that it rings does not. */
const leaseMs = 2_000;

/**
 * Held by Web Locks, which a tab that is closed or crashes gives back by itself. Where the page may not have them, the tab that
 * says so first in a channel has it, for 2 s at a time.
 */
export function createRingLock(name: string, onChange: () => void): RingLock {
  return navigator.locks === undefined ? leased(name, onChange) : locked(name, onChange);
}

function locked(name: string, onChange: () => void): RingLock {
  let held: (() => void) | null = null;
  let asking: AbortController | null = null;

  function become(release: (() => void) | null): void {
    held = release;
    onChange();
  }

  function ask(options: LockOptions): void {
    const controller = new AbortController();
    asking = controller;
    // A lock that is stolen can't be asked for with a signal.
    const asked = options.steal === true ? options : { ...options, signal: controller.signal };
    navigator.locks
      .request(name, asked, () => {
        asking = null;
        return new Promise<void>((resolve) => become(resolve));
      })
      // It was taken from us, or nobody wants it any more.
      .catch(() => held !== null && asking === null && become(null));
  }

  return {
    want(isWanted) {
      if (isWanted && held === null && asking === null) ask({});
      if (isWanted) return;
      asking?.abort();
      asking = null;
      held?.();
      held = null;
    },
    isHeld: () => held !== null,
    steal() {
      if (held !== null) return;
      asking?.abort();
      ask({ steal: true });
    },
  };
}

function leased(name: string, onChange: () => void): RingLock {
  const channel = new BroadcastChannel(name);
  let timer: ReturnType<typeof setInterval> | undefined;
  let othersUntil = 0;
  let isHeld = false;

  channel.addEventListener('message', () => {
    othersUntil = performance.now() + leaseMs;
    if (isHeld) {
      isHeld = false;
      onChange();
    }
  });

  function claim(): void {
    if (!isHeld && performance.now() < othersUntil) return;
    channel.postMessage('rings');
    if (!isHeld) {
      isHeld = true;
      onChange();
    }
  }

  return {
    want(isWanted) {
      if (isWanted === (timer !== undefined)) return;
      clearInterval(timer);
      timer = isWanted ? setInterval(claim, leaseMs / 2) : undefined;
      if (isWanted) claim();
      else isHeld = false;
    },
    isHeld: () => isHeld,
    steal() {
      othersUntil = 0;
      claim();
    },
  };
}
