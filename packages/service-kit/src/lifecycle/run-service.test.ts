import { describe, expect, test } from 'vitest';
import { runChild, type ChildOptions, type TestChild } from '../testing/child-process.ts';

const scripted = new URL('./testing/scripted-service.ts', import.meta.url);
const NORMAL = { code: 0, signal: null };
const FORCED = { code: 1, signal: null };

/** Signals that follow each other more closely than this count as one. */
const PAST_ECHO_MS = 400;

function run(behaviour: string, options: ChildOptions = {}): TestChild {
  return runChild(scripted, { ...options, env: { ...options.env, TRUNKLINE_SCRIPT: behaviour } });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a graceful stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends an idle service by itself with code 0',
    async (signal) => {
      await using child = run('idle');
      await child.says('started');
      child.process.kill(signal);
      expect(await child.ending()).toEqual(NORMAL);
      expect(child.output.join('\n')).toContain('store closed');
      expect(child.output.at(-1)).toContain('"clean":true');
    },
  );

  test('work in hand is finished, nothing new is begun, and the stores close after it', async () => {
    await using child = run('busy');
    await child.says('batch begins');
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(NORMAL);
    const told = child.output.flatMap((line) => /batch begins|batch committed|store closed/.exec(line) ?? []);
    expect(told.slice(-2)).toEqual(['batch committed', 'store closed']);
    expect(told.filter((what) => what === 'batch begins')).toHaveLength(
      told.filter((what) => what === 'batch committed').length,
    );
  });

  test('the echo of a signal, as Ctrl-C under npm gives it, is no second one', async () => {
    await using child = run('busy');
    await child.says('batch begins');
    child.process.kill('SIGINT');
    child.process.kill('SIGTERM');
    child.process.kill('SIGINT');
    expect(await child.ending()).toEqual(NORMAL);
  });

  test('a start that is under way is broken off', async () => {
    await using child = run('slow start');
    await child.says('connecting');
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(NORMAL);
    expect(child.output.join('\n')).toContain('the start was broken off');
  });

  test('probes are answered while it runs', async () => {
    await using child = run('idle');
    const { operations } = JSON.parse(await child.says('"started"')) as { operations: string };
    const statuses = ['/livez', '/readyz', '/metrics'].map(
      async (path) => (await fetch(operations + path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 200]);
  });
});

describe('a forced exit', () => {
  test('a step that hangs is left behind, the stores are still closed, and the code is 1', async () => {
    await using child = run('hanging step');
    await child.says('started');
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(FORCED);
    expect(child.output.join('\n')).toMatch(
      /"step":"loop","ending":"out of time"[\s\S]*store closed[\s\S]*forced exit/,
    );
  });

  test('a step that fails makes the code 1', async () => {
    await using child = run('failing step');
    await child.says('started');
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(FORCED);
    expect(child.output.join('\n')).toContain('offset not saved');
  });

  test('a second signal ends it at once', async () => {
    await using child = run('slow step', { env: { TRUNKLINE_STOP_BUDGET: '60s' } });
    await child.says('started');
    child.process.kill('SIGTERM');
    await child.says('stopping');
    await pause(PAST_ECHO_MS);
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(FORCED);
    expect(child.output.at(-1)).toContain('a second signal, SIGTERM');
  });

  test('something forgotten that keeps it alive after the stop is named', async () => {
    await using child = run('forgotten timer', { env: { TRUNKLINE_STOP_BUDGET: '1s' } });
    await child.says('started');
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(FORCED);
    expect(child.output.at(-1)).toMatch(/still alive after 1000 ms, held by .*Timeout/);
  });
});

describe('a crash', () => {
  test.each([
    ['unhandled rejection', 'nobody listens'],
    ['uncaught exception', 'thrown in a timer'],
  ])('an %s is logged and ends it with code 1', async (behaviour, message) => {
    await using child = run(behaviour, { env: { NODE_OPTIONS: '--unhandled-rejections=warn' } });
    expect(await child.ending()).toEqual(FORCED);
    const last = JSON.parse(child.output.at(-1) ?? '') as Record<string, unknown>;
    expect(last).toMatchObject({ level: 'fatal', msg: 'crashed' });
    expect(JSON.stringify(last)).toContain(message);
    expect(child.output.join('\n')).not.toContain('hunter2');
  });

  test('a start that fails is logged, what it had started is stopped, and the code is 1', async () => {
    await using child = run('failing start');
    expect(await child.ending()).toEqual(FORCED);
    expect(child.output.join('\n')).toMatch(/the schema is too old[\s\S]*store closed/);
  });

  test('bad settings are told in plain words, all at once, without a stack', async () => {
    await using child = run('idle', { env: { TRUNKLINE_LOG_LEVEL: 'loud', TRUNKLINE_STOP_BUDGET: '10' } });
    expect(await child.ending()).toEqual(FORCED);
    expect(child.output).toEqual([]);
    expect(child.errors).toEqual([
      'The settings are not usable:',
      expect.stringContaining('TRUNKLINE_LOG_LEVEL must be one of trace, debug,'),
      expect.stringContaining('TRUNKLINE_STOP_BUDGET must be a duration'),
    ]);
  });
});

describe('a launcher that disappears', () => {
  test('closing the IPC channel stops the service gracefully', async () => {
    await using child = run('idle', { ipc: true, env: { TRUNKLINE_STOP_WITH_PARENT: 'ipc' } });
    await child.says('started');
    child.process.disconnect();
    expect(await child.ending()).toEqual(NORMAL);
    expect(child.output.join('\n')).toContain('the launcher is gone');
  });

  test('closing the pipe to standard input stops the service gracefully', async () => {
    await using child = run('idle', { env: { TRUNKLINE_STOP_WITH_PARENT: 'stdin' } });
    await child.says('started');
    child.process.stdin?.end();
    expect(await child.ending()).toEqual(NORMAL);
    expect(child.output.join('\n')).toContain('the launcher is gone');
  });

  test.each(['ipc', 'stdin'])('watching it by %s does not keep a stopped service alive', async (link) => {
    await using child = run('idle', { ipc: link === 'ipc', env: { TRUNKLINE_STOP_WITH_PARENT: link } });
    await child.says('started');
    child.process.kill('SIGTERM');
    expect(await child.ending()).toEqual(NORMAL);
  });

  test('without the setting nobody minds', async () => {
    await using child = run('idle');
    await child.says('started');
    child.process.stdin?.end();
    await pause(PAST_ECHO_MS);
    expect(child.process.exitCode).toBeNull();
  });
});
