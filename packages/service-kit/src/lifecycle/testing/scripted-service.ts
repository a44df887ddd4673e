import { assertNever, oneOf, runService, setting, sleep, type Service } from '../../index.ts';

/** A real service; the setting says how it behaves. */
const script = {
  script: {
    behaviour: setting({
      variable: 'TRUNKLINE_SCRIPT',
      schema: oneOf([
        'idle',
        'busy',
        'hanging step',
        'failing step',
        'forgotten timer',
        'unhandled rejection',
        'uncaught exception',
        'failing start',
        'slow start',
        'slow step',
      ]),
      explain: 'What the test wants to see.',
      example: 'idle',
    }),
  },
};

async function start({ shutdown, health, logger, settings }: Service<typeof script>): Promise<void> {
  const { behaviour } = settings.script;
  shutdown.add('stores', 'store', () => logger.info('store closed'));
  const beat = health.progress('loop', { silenceMsMax: 60_000 });
  switch (behaviour) {
    case 'idle':
      keepAlive(() => beat());
      return;
    case 'busy':
      workUntil(shutdown.signal, logger);
      return;
    case 'hanging step':
      shutdown.add('loops', 'loop', () => new Promise(() => {}), { budgetMs: 100 });
      return;
    case 'failing step':
      shutdown.add('loops', 'loop', () => Promise.reject(new Error('offset not saved')));
      return;
    case 'slow step':
      shutdown.add('loops', 'loop', () => sleep(60_000), { budgetMs: 60_000 });
      return;
    case 'forgotten timer':
      setInterval(() => beat(), 1_000);
      return;
    case 'unhandled rejection':
      setTimeout(() => void Promise.reject(new Error('nobody listens, password=hunter2')), 10);
      keepAlive(() => beat());
      return;
    case 'uncaught exception':
      setTimeout(() => {
        throw new Error('thrown in a timer');
      }, 10);
      keepAlive(() => beat());
      return;
    case 'failing start':
      throw new Error('the schema is too old');
    case 'slow start':
      logger.info('connecting');
      await sleep(60_000, shutdown.signal);
      return;
    default:
      assertNever(behaviour, 'a behaviour');
  }

  function keepAlive(turn: () => void): void {
    const loop = setInterval(turn, 100);
    shutdown.add('loops', 'loop', () => clearInterval(loop));
  }

  /** Takes a batch at a time; the one in hand when the stop comes must be finished. */
  function workUntil(signal: AbortSignal, log: typeof logger): void {
    const running = (async () => {
      while (!signal.aborted) {
        log.info('batch begins');
        await sleep(300);
        log.info('batch committed');
      }
    })();
    shutdown.add('loops', 'worker', () => running);
  }
}

await runService({ name: 'scripted', settings: script, start });
