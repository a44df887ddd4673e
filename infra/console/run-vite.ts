import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Of what Vite says, the end tells what is wrong. */
const saidLettersMax = 4_000;

interface ViteRun {
  /** The folder of the app. */
  readonly app: string;
  readonly outDir: string;
  readonly stop?: AbortSignal | undefined;
  /** Told the id of the process, so that somebody can end it should we die. */
  readonly onStart?: ((pid: number) => void) | undefined;
}

/** Has Vite build an app, in a process of its own: a bundler in ours would cost memory for as long as we run. */
export async function runVite({ app, outDir, stop, onStart }: ViteRun): Promise<void> {
  const vite = join(
    dirname(createRequire(join(app, 'package.json')).resolve('vite/package.json')),
    'bin/vite.js',
  );
  const child = spawn(
    process.execPath,
    [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    {
      cwd: app,
      // Of whoever starts it: a test's would build React as it is for those who develop, half as large again and slower.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(stop !== undefined && { signal: stop }),
    },
  );
  if (child.pid !== undefined) onStart?.(child.pid);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-saidLettersMax);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`Vite could not build ${app}:\n${said.trim()}`);
}
