import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `npm run verify`: format, lint, types, boundaries, manifests and unit tests, side by side, each skipped when nothing
 * it reads has changed (turbo.json says what that is). Nothing is sent anywhere and no daemon stays behind.
 */

const root = join(import.meta.dirname, '..', '..');
const tasks = ['format', 'lint', 'types', 'boundaries', 'manifests', 'unit'].map((name) => `//#${name}`);

const { status, error } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'turbo', 'bin', 'turbo'),
    'run',
    ...tasks,
    '--output-logs=new-only',
    '--log-order=grouped',
    '--continue',
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  },
);
if (error !== undefined) console.error(error.message);
process.exitCode = status ?? 1;
