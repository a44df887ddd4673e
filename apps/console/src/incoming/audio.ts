/** Whether this tab may make a sound; browsers want a click or a key first. */
export interface Audio {
  readonly context: () => AudioContext | null;
  readonly isRunning: () => boolean;
  readonly unlock: () => Promise<void>;
  /** Tries what a policy of the browser may allow, and listens for the first click or key. Returns how to stop. */
  readonly start: () => () => void;
}

const gestures = ['pointerdown', 'keydown'] as const;
/** A clock that has not moved for so long stands still: Safari's does after an interruption. */
const stillMs = 400;

/** The one AudioContext of the page. */
export function createAudio(onChange: () => void): Audio {
  let context: AudioContext | null = null;

  function open(): AudioContext | null {
    if (typeof AudioContext === 'undefined') return null;
    const opened = new AudioContext();
    opened.addEventListener('statechange', onChange);
    return opened;
  }

  async function unlock(): Promise<void> {
    context ??= open();
    if (context === null) return;
    // `interrupted`, which only Safari has, is left as `suspended` is.
    if (context.state !== 'running') await context.resume().catch(() => undefined);
    if (context.state === 'running') await rebuildIfStill(context);
    onChange();
  }

  async function rebuildIfStill(asked: AudioContext): Promise<void> {
    const before = asked.currentTime;
    await new Promise((resolve) => setTimeout(resolve, stillMs));
    if (context !== asked || asked.state !== 'running' || asked.currentTime > before) return;
    await asked.close().catch(() => undefined);
    context = open();
    await context?.resume().catch(() => undefined);
  }

  const isRunning = (): boolean => context?.state === 'running';
  const onGesture = () => void (isRunning() || unlock());
  const onVisible = () => void (document.hidden || context === null || isRunning() || unlock());

  return {
    context: () => context,
    isRunning,
    unlock,
    start() {
      context ??= open();
      for (const gesture of gestures) addEventListener(gesture, onGesture, { capture: true, passive: true });
      document.addEventListener('visibilitychange', onVisible);
      return () => {
        for (const gesture of gestures) removeEventListener(gesture, onGesture, { capture: true });
        document.removeEventListener('visibilitychange', onVisible);
        void context?.close().catch(() => undefined);
        context = null;
      };
    },
  };
}
