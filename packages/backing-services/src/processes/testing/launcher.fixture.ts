import { spawn } from 'node:child_process';
import { Warden } from '../warden.ts';

/**
 * A launcher for the warden's test: starts what it is told to, registers it, prints the ids and waits.
 *
 *     node launcher.fixture.ts '[{ "script": "...", "as": "app" }]'
 */
type Child = { readonly script: string; readonly as: 'app' | 'store' };

const children = JSON.parse(process.argv[2] ?? '[]') as Child[];
const warden = new Warden();
const pids = await Promise.all(
  children.map(
    ({ script, as }) =>
      new Promise<number>((resolve) => {
        const child = spawn(process.execPath, ['-e', script], {
          detached: true,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        // It speaks when its signal handlers stand.
        child.stdout.once('data', () => {
          warden.watch(child.pid ?? 0, { signal: 'SIGTERM', as });
          resolve(child.pid ?? 0);
        });
      }),
  ),
);
process.stdout.write(`${JSON.stringify({ pids, warden: warden.pid })}\n`);
setInterval(() => {}, 60_000);
