import { describe, expect, it } from 'vitest';
import { keepAlive } from './keep-alive.ts';
import type { Mortal } from './keep-alive.ts';
import { eventually } from './testing/eventually.ts';

const policy = { deathsInARowMax: 4, pauseMs: 10, pauseMsMax: 25, settledAfterMs: 60_000 };

/** A process that ends when the test says so. */
function mortal(lastLines = ''): Mortal & { die(ending: string): void; readonly stops: number } {
  const { promise, resolve } = Promise.withResolvers<string>();
  let stops = 0;
  return {
    exited: promise,
    lastLines: () => lastLines,
    die: resolve,
    get stops() {
      return stops;
    },
    stop: () => {
      stops += 1;
      resolve('SIGTERM');
      return Promise.resolve();
    },
  };
}

function stage() {
  const born: ReturnType<typeof mortal>[] = [mortal('it hurts')];
  const reports: string[] = [];
  const bringBack = () => {
    const next = mortal('it hurts');
    born.push(next);
    return Promise.resolve(next);
  };
  return { born, reports, bringBack, report: (line: string) => reports.push(line) };
}

describe('keepAlive', () => {
  it('reports a death with its last lines and brings back, with pauses that grow up to a bound', async () => {
    const { born, reports, bringBack, report } = stage();
    const life = keepAlive(born[0] ?? mortal(), bringBack, { name: 'push', report, policy });
    for (const count of [1, 2, 3]) {
      born.at(-1)?.die('code 1');
      await eventually('the next one', () => born.length === count + 1);
    }
    expect(reports).toEqual(
      [10, 20, 25].map(
        (pause) => `push ended with code 1. Its last lines:\nit hurts\npush is started again in ${pause} ms.`,
      ),
    );
    await life.stop();
  });

  it('gives up after too many deaths in a row, and says so', async () => {
    const { born, bringBack, report } = stage();
    const life = keepAlive(born[0] ?? mortal(), bringBack, { name: 'push', report, policy });
    for (let count = 1; count <= policy.deathsInARowMax; count += 1) {
      await eventually('the next one', () => born.length === count);
      born.at(-1)?.die('SIGSEGV');
    }
    expect(await life.lost).toMatch(/push ended with SIGSEGV.*given up\.$/s);
    expect(born).toHaveLength(policy.deathsInARowMax);
    await life.stop();
  });

  it('counts a start that fails as a death', async () => {
    const { born, reports, report } = stage();
    const bringBack = () => Promise.reject(new Error('the port was taken'));
    const life = keepAlive(born[0] ?? mortal(), bringBack, { name: 'Redis', report, policy });
    born[0]?.die('SIGKILL');
    expect(await life.lost).toMatch(/Redis could not be started: the port was taken/);
    expect(reports).toHaveLength(policy.deathsInARowMax - 1);
  });

  it('begins a new row with whoever has lived long enough', async () => {
    const { born, bringBack, report } = stage();
    const settled = { ...policy, deathsInARowMax: 2, settledAfterMs: -1 };
    const life = keepAlive(born[0] ?? mortal(), bringBack, { name: 'push', report, policy: settled });
    for (let count = 1; count <= 5; count += 1) {
      await eventually('the next one', () => born.length === count);
      born.at(-1)?.die('code 1');
    }
    await eventually('the next one', () => born.length === 6);
    await life.stop();
  });

  it('brings nobody back once it was stopped, be it in a pause, and may be stopped twice', async () => {
    const { born, bringBack, report } = stage();
    const slow = { ...policy, pauseMs: 60_000, pauseMsMax: 60_000 };
    const life = keepAlive(born[0] ?? mortal(), bringBack, { name: 'push', report, policy: slow });
    born[0]?.die('code 1');
    await new Promise((done) => setImmediate(done));
    await Promise.all([life.stop(), life.stop()]);
    expect(born).toHaveLength(1);
  });

  it('stops the one that was just being brought back', async () => {
    const { born, report } = stage();
    const { promise, resolve } = Promise.withResolvers<Mortal>();
    let asked = false;
    const bringBack = () => {
      asked = true;
      return promise;
    };
    const life = keepAlive(born[0] ?? mortal(), bringBack, { name: 'push', report, policy });
    born[0]?.die('code 1');
    await eventually('it is being brought back', () => asked);
    const stopped = life.stop();
    const late = mortal();
    resolve(late);
    await stopped;
    expect(late.stops).toBe(1);
  });
});
