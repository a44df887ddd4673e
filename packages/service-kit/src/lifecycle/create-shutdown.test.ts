import { describe, expect, test } from 'vitest';
import { createHealth } from '../health/create-health.ts';
import { createMemoryLogger } from '../testing/memory-logger.ts';
import { createShutdown, type Shutdown, type ShutdownPhase } from './create-shutdown.ts';

const { logger } = createMemoryLogger();
const never = (): Promise<never> => new Promise(() => {});

/** A shutdown whose steps write down when they begin and end. */
function recordingShutdown(): {
  shutdown: Shutdown;
  happened: string[];
  addStep: (phase: ShutdownPhase, name: string) => void;
} {
  const shutdown = createShutdown({ logger });
  const happened: string[] = [];
  const addStep = (phase: ShutdownPhase, name: string): void =>
    shutdown.add(phase, name, async () => {
      happened.push(`${name} begins`);
      await Promise.resolve();
      happened.push(`${name} ends`);
    });
  return { shutdown, happened, addStep };
}

describe('order', () => {
  test('what faces users goes first, then loops, then stores, then telemetry, however it was added', async () => {
    const { shutdown, happened, addStep } = recordingShutdown();
    addStep('telemetry', 'logs');
    addStep('stores', 'redis');
    addStep('users', 'sockets');
    addStep('loops', 'consumer');
    await shutdown.stop('test');
    expect(happened.filter((what) => what.endsWith('begins'))).toEqual([
      'sockets begins',
      'consumer begins',
      'redis begins',
      'logs begins',
    ]);
  });

  test('the steps of one phase run side by side, and the next phase waits for all of them', async () => {
    const { shutdown, happened, addStep } = recordingShutdown();
    addStep('loops', 'a');
    addStep('loops', 'b');
    addStep('stores', 'redis');
    await shutdown.stop('test');
    expect(happened).toEqual(['a begins', 'b begins', 'a ends', 'b ends', 'redis begins', 'redis ends']);
  });

  test('a step that is added while stopping gets its turn before later phases', async () => {
    const { shutdown, happened, addStep } = recordingShutdown();
    shutdown.add('start', 'starting', async () => {
      await Promise.resolve();
      addStep('loops', 'late loop');
    });
    addStep('stores', 'redis');
    await shutdown.stop('test');
    expect(happened).toEqual(['late loop begins', 'late loop ends', 'redis begins', 'redis ends']);
  });

  test('readiness is red and the signal aborted before the first step begins', async () => {
    const health = createHealth();
    health.started();
    const shutdown = createShutdown({ logger, health });
    let seen: unknown;
    shutdown.add('users', 'sockets', async () => {
      seen = { aborted: shutdown.signal.aborted, ready: (await health.readiness()).ready };
    });
    await shutdown.stop('test');
    expect(seen).toEqual({ aborted: true, ready: false });
  });
});

describe('bounds', () => {
  test('a step that hangs costs its own budget; what comes after is still stopped', async () => {
    const { shutdown, happened, addStep } = recordingShutdown();
    let told: unknown;
    shutdown.add(
      'loops',
      'consumer',
      (signal) => {
        signal.addEventListener('abort', () => (told = signal.reason));
        return never();
      },
      { budgetMs: 20 },
    );
    addStep('stores', 'redis');
    const { clean, steps } = await shutdown.stop('test');
    expect(clean).toBe(false);
    expect(steps.map(({ step, ending }) => [step, ending])).toEqual([
      ['consumer', 'out of time'],
      ['redis', 'done'],
    ]);
    expect(happened).toContain('redis ends');
    expect(String(told)).toContain('stopping consumer did not finish within 20 ms');
  });

  test('all steps together keep to the total budget', async () => {
    const shutdown = createShutdown({ logger, budgetMs: 40 });
    for (const phase of ['users', 'loops', 'stores'] as const) shutdown.add(phase, phase, never);
    const { steps } = await shutdown.stop('test');
    expect(steps.map(({ ending }) => ending)).toEqual(['out of time', 'out of time', 'out of time']);
  });

  test('a step that fails is reported, and the others are not its victims', async () => {
    const { shutdown, happened, addStep } = recordingShutdown();
    shutdown.add('users', 'sockets', () => {
      throw new Error('already closed');
    });
    addStep('stores', 'redis');
    const { clean, steps } = await shutdown.stop('test');
    expect(clean).toBe(false);
    expect(steps[0]).toMatchObject({ step: 'sockets', ending: 'failed', error: new Error('already closed') });
    expect(happened).toEqual(['redis begins', 'redis ends']);
  });
});

test('asked to stop twice it stops once, and both wait for it', async () => {
  const { shutdown, happened, addStep } = recordingShutdown();
  addStep('stores', 'redis');
  const [first, second] = await Promise.all([shutdown.stop('first'), shutdown.stop('second')]);
  expect(first).toBe(second);
  expect(happened).toEqual(['redis begins', 'redis ends']);
  expect(() => addStep('stores', 'too late')).toThrow('a service that has stopped');
});
