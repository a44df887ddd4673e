import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const config = join(import.meta.dirname, 'fixtures', 'vitest.config.ts');

function lastLineOf(...filters: string[]) {
  const { status, lines } = lastLinesOf(1, ...filters);
  return { status, lastLine: lines[0] };
}

function lastLinesOf(count: number, ...filters: string[]) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, ...filters],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return { status, lines: stdout.trimEnd().split('\n').slice(-count) };
}

it('ends a run with one plain line', () => {
  expect(lastLineOf('good')).toEqual({ status: 0, lastLine: 'tests: 1 passed, 0 failed' });
});

it('names a test that needed a second try', () => {
  expect(lastLinesOf(2, 'unsteady').lines).toEqual([
    'unsteady, passed at its second try: unsteady.fixture.ts > holds at its second try',
    'tests: 1 passed, 0 failed',
  ]);
});

it('counts a file that could not be loaded as failed', () => {
  expect(lastLineOf()).toEqual({ status: 1, lastLine: 'tests: 4 passed, 2 failed' });
});

it('does not say that nothing failed when nothing was found to run', () => {
  expect(lastLineOf('no-such-file')).toEqual({ status: 1, lastLine: 'tests: 0 passed, 1 failed' });
});
